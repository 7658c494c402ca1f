"""What a refresh came to. Without Dagster, whose import takes longer than finding out that nothing is new."""

from dataclasses import dataclass, field

from mlcost_assets.automation.plan import RefreshPlan
from mlcost_assets.config import Config
from mlcost_assets.errors import MlcostError
from mlcost_assets.forecasting.history import without_forecast
from mlcost_assets.lake.home import ALIVE
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.quality.summary import likely_twins, summary

NOTHING_NEW = "Nothing changed since the last refresh."


@dataclass
class Refreshed:
    """What a refresh came to: `failures` are steps that failed, the checks those of the newest evaluation, `mended`
    what was done about a damaged catalog, `notes` what is not there yet and why."""

    headline: str = ""
    mended: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    failed_checks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


def nothing_new(config: Config, plan: RefreshPlan) -> Refreshed | None:
    """What a refresh comes to that finds nothing to do; None where there is something, be it only a process that was
    killed and whose run has to be ended."""
    if plan.periods or not plan.known_periods or any((config.home / ALIVE).glob("*.lock")):
        return None
    done = Refreshed(headline=NOTHING_NEW)
    report(config, [], plan, done)
    return done


def report(config: Config, periods: list[str], plan: RefreshPlan, done: Refreshed) -> None:
    """Adds what is published now: totals of the `periods`, names in doubt, and the checks that stand as failed; where
    nothing was to do, also what cannot be taken up."""
    done.failed_checks += [] if periods else plan.problems
    reader = LakeReader(config)
    try:
        try:
            connection = reader.connection()
        except MlcostError:
            return
        done.lines += [*summary(connection, periods), *likely_twins(connection)]
        done.notes += without_forecast(connection, "organisation")
        for check, severity, description in connection.execute(read_sql(__file__, "standing_checks")).fetchall():
            (done.failed_checks if severity == "ERROR" else done.warnings).append(f"{check}: {description}")
    finally:
        reader.close()
