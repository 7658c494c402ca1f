"""`mlcost doctor`: is everything in place, and if not, how is it mended."""

from typing import TYPE_CHECKING

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say

if TYPE_CHECKING:
    from mlcost_assets.config import Config


@click.command(short_help="Check whether everything is in place; mend a damaged lake.")
@click.option("--repair", is_flag=True, help="Mend a lake whose catalog is damaged or whose data files are lost.")
@config_option
def doctor(repair: bool, config_path: str | None) -> int:
    """Check configuration, exports, landing zone, lake and freshness; say how to mend each problem.

    --repair restores the last valid catalog and makes the contents of lost files again from exports and records; it
    says what was lost and what stays lost. It does not change a lake without damage.
    """
    from mlcost_assets.automation.diagnosis import diagnose
    from mlcost_assets.config import load_config

    config = load_config(config_path)
    if repair:
        return _repair(config)
    say(f"ok    configuration {config.path}")
    findings = list(diagnose(config))
    for finding in findings:
        say(f"{'ok   ' if finding.ok else 'FAIL '} {finding.what}")
        if finding.mend:
            say(f"      → {finding.mend}")
    failed = sum(not finding.ok for finding in findings)
    say(f"\n{failed} of {len(findings) + 1} checks failed." if failed else "\nEverything is in place.")
    return 1 if failed else 0


def _repair(config: "Config") -> int:
    from mlcost_assets.cli.refresh import run_refresh
    from mlcost_assets.lake.damage import inspect

    damage = inspect(config)
    for what in damage:
        say(f"lost     {what}")
    if not damage:
        say("The lake is sound: every file that its catalog names is there and can be read.")
        return 0
    return run_refresh(config, [], everything=True)
