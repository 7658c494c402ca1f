"""`mlcost doctor`: is everything in place, and if not, how is it mended."""

import click

from mlcost_assets.cli.options import config_option
from mlcost_assets.cli.output import say


@click.command()
@config_option
def doctor(config_path: str | None) -> int:
    """Check configuration, exports, landing zone, lake and freshness; say how to mend each."""
    from mlcost_assets.automation.diagnosis import diagnose
    from mlcost_assets.config import load_config

    config = load_config(config_path)
    say(f"ok    configuration {config.path}")
    findings = list(diagnose(config))
    for finding in findings:
        say(f"{'ok   ' if finding.ok else 'FAIL '} {finding.what}")
        if finding.mend:
            say(f"      → {finding.mend}")
    failed = sum(not finding.ok for finding in findings)
    say(f"\n{failed} of {len(findings) + 1} checks failed." if failed else "\nEverything is in place.")
    return 1 if failed else 0
