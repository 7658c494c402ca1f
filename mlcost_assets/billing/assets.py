"""The billing assets: drops loaded into line_items, reduced to daily_charges."""

from typing import Any

import dagster as dg

from mlcost_assets.billing import ledger
from mlcost_assets.billing.load import load_drop
from mlcost_assets.billing.plan import Plan, make_plan
from mlcost_assets.billing.replace import Outcome
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.runtime.checks import conserves_total, evaluated, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.partitions import BILLING_PERIODS, TOGETHER
from mlcost_assets.runtime.tables import asset_specs, figures, sql_table


@dg.multi_asset(
    specs=asset_specs("billing_drops", "line_items", "quarantined_rows"),
    check_specs=[
        spec(
            "line_items",
            "conserves_total",
            "What line_items holds of each drop is what a plain scan of its files gave.",
            blocking=True,
        ),
        spec("billing_drops", "every_drop_is_loaded", "No drop is waiting, rejected or out of reach."),
        spec("billing_drops", "one_export_per_payer", "No two exports cover one payer account and period."),
        spec("billing_drops", "fresh", "The newest drop of every export is younger than 36 hours."),
        spec("quarantined_rows", "nothing_set_aside", "Every row of every loaded drop is a charge."),
    ],
    partitions_def=BILLING_PERIODS,
    backfill_policy=TOGETHER,
    can_subset=False,
)
def billing_drops_and_line_items(context: dg.AssetExecutionContext, lake: LakeResource):  # type: ignore[no-untyped-def]
    """Finds what the exports delivered, loads what is new, and keeps the last good version of the rest."""
    periods = list(context.partition_keys)
    plan = make_plan(lake.config, lake.connection, look_at_files=True, everything=lake.forced)
    outcomes = _retire(lake, plan, periods)
    pending = [one for one in plan.pending if one.period in periods]
    for number, manifest in enumerate(pending, 1):
        outcome = load_drop(lake.writer, manifest, [export.name for export in lake.config.billing.exports])
        came_of_it = outcome.reason or f"{outcome.rows:,} rows"
        context.log.info(f"{number}/{len(pending)} {outcome.export} {outcome.period}: {outcome.state}, {came_of_it}")
        outcomes.append(outcome)
    changed = {one.period for one in outcomes if one.state in ("loaded", "shadowed", "retired")}
    with lake.writer.transaction():
        lake.made("line_items", changed)
    yield dg.MaterializeResult(
        asset_key="billing_drops", metadata=figures(lake, "billing_drops") | {"drops": _drop_table(outcomes)}
    )
    yield dg.MaterializeResult(asset_key="line_items", metadata=figures(lake, "line_items", sorted(changed)))
    yield dg.MaterializeResult(asset_key="quarantined_rows", metadata=figures(lake, "quarantined_rows"))
    yield from _checks(lake, plan, sorted(changed))


def _retire(lake: LakeResource, plan: Plan, periods: list[str]) -> list[Outcome]:
    retired = [(export, period) for export, period in plan.retired if period in periods]
    with lake.writer.transaction() as connection:
        for export, period in retired:
            ledger.retire(connection, export, period)
    return [Outcome(export, period, "retired", "no longer in mlcost.yaml") for export, period in retired]


def _drop_table(outcomes: list[Outcome]) -> Any:
    if not outcomes:
        return dg.MetadataValue.text("no drop is new")
    return dg.MetadataValue.table(
        [
            dg.TableRecord(
                {
                    "export": one.export,
                    "period": one.period,
                    "state": one.state,
                    "reason": one.reason or "",
                    "rows": one.rows,
                    "billed_cost": f"{one.billed_cost:,}",
                }
            )
            for one in outcomes
        ]
    )


def _checks(lake: LakeResource, plan: Plan, rewritten: list[str]) -> list[dg.AssetCheckResult]:
    rows = lake.connection.execute(read_sql(__file__, "standing_drops"), {"periods": rewritten}).fetchall()
    found: dict[str, list[str]] = {}
    for problem, text in rows:
        found.setdefault(problem, []).append(text)
    unusable = found.get("unusable", []) + [f"{name}: {why}" for name, why in plan.unreachable.items()]
    shadowed, off, set_aside, stale = (found.get(one, []) for one in ("shadowed", "off", "set_aside", "stale"))
    return [
        evaluated(
            lake,
            "line_items",
            "conserves_total",
            not off,
            _said(off, "every loaded drop ties out to the last digit"),
        ),
        evaluated(
            lake,
            "billing_drops",
            "every_drop_is_loaded",
            not unusable,
            _said(unusable, "every drop is loaded"),
        ),
        evaluated(
            lake,
            "billing_drops",
            "one_export_per_payer",
            not shadowed,
            _said(shadowed, "every payer and period has one export"),
        ),
        evaluated(
            lake,
            "billing_drops",
            "fresh",
            not stale,
            _said(stale, "every export delivered lately"),
            severity="WARN",
        ),
        evaluated(
            lake,
            "quarantined_rows",
            "nothing_set_aside",
            not set_aside,
            _said(set_aside, "no row was set aside"),
        ),
    ]


def _said(problems: list[str], otherwise: str) -> str:
    more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
    return "; ".join(problems[:5]) + more if problems else otherwise


daily_charges = sql_table(
    "daily_charges",
    __file__,
    deps=["line_items"],
    partitioned=True,
    changed_with="line_items",
    checks=[conserves_total("daily_charges")],
    parameters=lambda _: {"by_hour": False},
)
bill_tag_sets = sql_table("bill_tag_sets", __file__, deps=["line_items"], partitioned=True, changed_with="line_items")
split_costs = sql_table("split_costs", __file__, deps=["line_items"], partitioned=True, changed_with="line_items")
