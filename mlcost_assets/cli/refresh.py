"""`mlcost refresh`: brings every table up to date through Dagster, and says what was published."""

from typing import TYPE_CHECKING

import click

from mlcost_assets.cli.options import PERIOD, config_option
from mlcost_assets.cli.output import say

if TYPE_CHECKING:
    from mlcost_assets.automation.told import Refreshed
    from mlcost_assets.config import Config


@click.command(short_help="Load new bills and metadata, attribute and publish them.")
@click.option(
    "--period",
    "periods",
    multiple=True,
    type=PERIOD,
    help="Only this billing period (may be given several times).",
)
@click.option("--all", "everything", is_flag=True, help="Make all tables again, changed or not.")
@click.option("--quiet", is_flag=True, help="No progress, only the summary.")
@config_option
def refresh(periods: tuple[str, ...], everything: bool, quiet: bool, config_path: str | None) -> int:
    """Load new deliveries of the exports and new metadata records, attribute the affected months and publish them.

    A delivery that cannot be used is reported and left out; its month keeps the last good version.
    """
    from mlcost_assets.config import load_config
    from mlcost_assets.config.rules import load_rules

    config = load_config(config_path)
    load_rules(config.attribution.rules)  # said before anything is touched
    if everything and periods:
        raise click.UsageError("give --period or --all, not both")
    return run_refresh(config, list(periods), everything=everything, quiet=quiet)


def run_refresh(config: "Config", periods: list[str], *, everything: bool = False, quiet: bool = False) -> int:
    """Refreshes and prints a summary; gives the exit code: 0, 1 where a step failed, 3 where an ERROR check failed."""
    plan, done = None, None
    if not (periods or everything):
        from mlcost_assets.automation.plan import plan_refresh
        from mlcost_assets.automation.told import nothing_new

        plan = plan_refresh(config, look_at_files=True)
        done = nothing_new(config, plan)
    if not done:
        from mlcost_assets.automation.run import refresh_now

        done = refresh_now(config, periods, everything=everything, quiet=quiet, plan=plan, say=_tell)
    _summarise(done)
    return 1 if done.failures else 3 if done.failed_checks else 0


def _tell(what: str) -> None:
    say(what, err=True)


def _summarise(done: "Refreshed") -> None:
    for failure in done.failures:
        say(f"mlcost: {failure}", err=True)
    if done.failures:
        say("mlcost: nothing was published; the version before stays.", err=True)
        return
    for what in done.mended:
        say(f"mended   {what}")
    say(done.headline)
    for line in done.lines:
        say(f"  {line}")
    for note in done.notes:
        say(f"note     {note}")
    for check in done.warnings:
        say(f"warning  {check}")
    for check in done.failed_checks:
        say(f"ERROR    {check}")
    for problem in done.untold:
        say(f"mlcost: {problem}", err=True)
