"""What it costs right now and how far that was from the bill, made in one step, and the checks of the estimates."""

import dagster as dg

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, run, step
from mlcost_assets.runtime.checks import evaluated, several, spec
from mlcost_assets.runtime.figures import figures
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import asset_specs

_TOLD_TWICE = "reports/live/told_twice.sql"


@dg.multi_asset(
    specs=[*asset_specs("live_costs", also=[_TOLD_TWICE]), *asset_specs("live_accuracy")],
    check_specs=[
        spec("live_costs", "live_is_not_billed", "No estimate stands for a day that the bill tells.", blocking=True),
        spec("live_costs", "live_is_positive", "No estimate is below zero."),
    ],
)
def live_costs(lake: LakeResource):  # type: ignore[no-untyped-def]
    """Estimates what is not billed yet, and settles what was estimated before and is billed now."""
    step(lake.connection, "live_before", select=lake.writer.as_published("live_costs"), kind="VIEW")
    step(lake.connection, "live_bill")
    step(lake.connection, "live_states")
    with lake.writer.transaction() as connection:
        # Added to what was settled before; nothing is ever removed.
        run(connection, f"INSERT INTO live_accuracy BY NAME {statement_of('live_accuracy')}")
        lake.writer.replace("live_costs", statement_of("live_costs"))
    for name in ("live_costs", "live_accuracy"):
        yield dg.MaterializeResult(asset_key=name, metadata=figures(lake, name))
    yield from _checked(lake)


def _checked(lake: LakeResource) -> list[dg.AssetCheckResult]:
    """Both checks of live_costs, from one statement."""
    found = lake.connection.execute(read_sql(__file__, "told_twice")).fetchall()
    billed = [
        f"{payer}: {hours} rows from {first} on, which its bill tells" for payer, hours, first, _ in found if hours
    ]
    negative = [f"{payer}: {rows} rows" for payer, _, _, rows in found if rows]
    said = several(billed) or "every estimate is of an hour after the last full day of its payer's bill"
    positive = f"below zero: {several(negative)}" if negative else "no estimate is below zero"
    return [
        evaluated(lake, "live_costs", "live_is_not_billed", not billed, said),
        evaluated(lake, "live_costs", "live_is_positive", not negative, positive),
    ]
