"""The billing assets: drops loaded into line_items, reduced to daily_charges."""

from typing import Any

import dagster as dg

from mlcost_assets.billing import ledger
from mlcost_assets.billing.checks import SPECS, check_drops
from mlcost_assets.billing.load import load_drop
from mlcost_assets.billing.plan import Plan, make_plan
from mlcost_assets.billing.replace import Outcome
from mlcost_assets.errors import StorageError
from mlcost_assets.lake.sql import as_dicts, read_sql, run
from mlcost_assets.runtime.checks import conserves_total
from mlcost_assets.runtime.figures import tell_months
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER, keep_periods
from mlcost_assets.runtime.tables import asset_specs, sql_table
from mlcost_assets.runtime.versions import code_version


@dg.multi_asset(
    specs=asset_specs("billing_drops", "line_items", "quarantined_rows", "drop_totals"),
    check_specs=SPECS,
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
    can_subset=False,
)
def billing_drops_and_line_items(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Finds what the exports delivered, loads what is new, and keeps the last good version of the rest."""
    periods = list(context.partition_keys)
    plan = make_plan(lake.config, lake.connection, look_at_files=True, everything=lake.forced)
    if not plan.known_periods:
        raise StorageError("; ".join(plan.problems))
    # A run may be about a month that nothing tells of any more, and ends as it began.
    keep_periods(context.instance, {*plan.known_periods, *periods})
    if plan.changed_periods and not lake.takes_up:
        context.log.warning(f"{', '.join(plan.changed_periods)}: what is new is left to a run of the job `refresh`")
    outcomes = _retire(lake, plan, periods) if lake.takes_up else []
    pending = [one for one in plan.pending if one.period in periods and lake.takes_up]
    for number, manifest in enumerate(pending, 1):
        outcome = load_drop(lake.writer, manifest, [export.name for export in lake.config.billing.exports])
        others = f", {outcome.of_others:,} of them of other providers and kept out" if outcome.of_others else ""
        came_of_it = outcome.reason or f"{outcome.rows:,} rows{others}"
        context.log.info(f"{number}/{len(pending)} {outcome.export} {outcome.period}: {outcome.state}, {came_of_it}")
        outcomes.append(outcome)
    changed = {one.period for one in outcomes if one.state in ("loaded", "shadowed", "retired")}
    with lake.writer.transaction():
        lake.made("line_items", changed, code=code_version("line_items"))
    for name in ("billing_drops", "line_items", "quarantined_rows", "drop_totals"):
        tell_months(context, lake, name, changed)
        drops = {"drops": _drop_table(lake, outcomes)} if name == "billing_drops" else {}
        yield dg.MaterializeResult(asset_key=name, metadata=drops)
    yield from check_drops(lake, plan, sorted(changed))


def _retire(lake: LakeResource, plan: Plan, periods: list[str]) -> list[Outcome]:
    retired = [(export, period) for export, period in plan.retired if period in periods]
    with lake.writer.transaction() as connection:
        for export, period in retired:
            ledger.retire(connection, export, period)
    return [Outcome(export, period, "retired", "no longer in mlcost.yaml") for export, period in retired]


def _drop_table(lake: LakeResource, outcomes: list[Outcome]) -> Any:
    """What was decided of each drop: its state and why, the format that its columns tell, what it lacks and holds."""
    if not outcomes:
        return dg.MetadataValue.text("no drop is new")
    given = {"exports": [one.export for one in outcomes], "periods": [one.period for one in outcomes]}
    taken_up = as_dicts(run(lake.connection, read_sql(__file__, "taken_up"), given))
    return dg.MetadataValue.table([dg.TableRecord(one) for one in taken_up])


daily_charges = sql_table(
    "daily_charges",
    partitioned=True,
    changed_with="line_items",
    checks=[conserves_total("daily_charges")],
    parameters=lambda _: {"by_hour": False},
)
bill_tag_sets = sql_table("bill_tag_sets", partitioned=True, changed_with="line_items", hold=True)
split_costs = sql_table("split_costs", partitioned=True, changed_with="line_items")
