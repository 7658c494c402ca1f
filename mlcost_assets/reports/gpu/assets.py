"""The assets of accelerators and shared machines: who used them, for what traffic, and divided by which basis."""

from pathlib import Path

import dagster as dg

from mlcost_assets.attribution.knowledge import knowledge
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.sql import read_sql, run, step
from mlcost_assets.runtime.checks import conserves_total, evaluated, several, spec
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table

_TYPES = Path(__file__).with_name("instance_types.csv")


def _instance_types(lake: LakeResource) -> None:
    """Provides the run with the instance types that have accelerators."""
    knowledge(lake)
    read = (
        f"SELECT * REPLACE (CAST(accelerators AS DECIMAL(9,4)) AS accelerators)"
        f" FROM read_csv({quote(str(_TYPES))}, header = true, comment = '#', all_varchar = true)"
    )
    lake.provide("instance_types", lambda: step(lake.connection, "instance_types", select=read))


def _hours_are_billed(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    off = [
        f"{day} {machine}: {counted:,.2f} hours, the bill has {billed:,.2f}"
        for _, day, machine, _, counted, billed in run(
            lake.connection, read_sql(__file__, "overcounted_hours"), {"periods": periods}
        ).fetchall()
    ]
    said = several(off) or "machine hours are those of the bill, to the last digit"
    return evaluated(lake, "gpu_usage", "hours_are_billed", not off, said)


# Made each time, as unit_costs: metrics come later than the bill of their day.
gpu_usage = sql_table(
    "gpu_usage",
    also=["reports/gpu/overcounted_hours.sql"],
    partitioned=True,
    before=_instance_types,
    checks=[
        conserves_total("gpu_usage", "attributed_costs", part="has_accelerators(machine_of(usage_type))"),
        (
            spec("gpu_usage", "hours_are_billed", "Machine hours of a day and instance type are those of the bill."),
            _hours_are_billed,
        ),
    ],
)


def _traffic_ties_out(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    off = [
        f"{period} {scope}: {by:+f} {currency}"
        for period, scope, currency, by in run(
            lake.connection, read_sql(__file__, "untied_traffic"), {"periods": periods}
        ).fetchall()
    ]
    said = several(off) or "costs are those of inference on accelerators, to the last digit"
    return evaluated(lake, "gpu_traffic", "traffic_ties_out", not off, said)


gpu_traffic = sql_table(
    "gpu_traffic",
    also=["reports/gpu/untied_traffic.sql"],
    partitioned=True,
    checks=[
        (
            spec("gpu_traffic", "traffic_ties_out", "Its costs are those of inference in gpu_usage."),
            _traffic_ties_out,
        )
    ],
)


def _bases_conserve(lake: LakeResource, periods: list[str]) -> dg.AssetCheckResult:
    off = [
        f"{period} {machine}: {by:+f} {currency} by {basis}"
        for period, machine, _, currency, basis, by in run(
            lake.connection, read_sql(__file__, "unequal_bases"), {"periods": periods}
        ).fetchall()
    ]
    said = several(off) or "every basis divides the same cost, to the last digit"
    return evaluated(lake, "basis_sensitivity", "bases_conserve", not off, said)


basis_sensitivity = sql_table(
    "basis_sensitivity",
    also=["reports/gpu/unequal_bases.sql"],
    partitioned=True,
    changed_with="attributed_costs",
    before=knowledge,
    checks=[
        (
            spec("basis_sensitivity", "bases_conserve", "By each basis a shared machine costs what it costs by ours."),
            _bases_conserve,
        )
    ],
)
