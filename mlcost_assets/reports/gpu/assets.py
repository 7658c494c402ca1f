"""The assets of accelerators and shared machines: who used them, for what traffic, and divided by which basis."""

from pathlib import Path

from mlcost_assets.attribution.knowledge import knowledge
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.runtime.checks import conserves_total, finds_nothing
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


# Made each time, as unit_costs: metrics come later than the bill of their day.
gpu_usage = sql_table(
    "gpu_usage",
    also=["reports/gpu/overcounted_hours.sql"],
    partitioned=True,
    before=_instance_types,
    checks=[
        conserves_total("gpu_usage", "attributed_costs", part="has_accelerators(machine_of(usage_type))"),
        finds_nothing(
            "gpu_usage",
            "hours_are_billed",
            "Machine hours of a day and instance type are those of the bill.",
            statement=read_sql(__file__, "overcounted_hours"),
            told=lambda _, day, machine, __, counted, billed: (
                f"{day} {machine}: {counted:,.2f} hours, the bill has {billed:,.2f}"
            ),
            well="machine hours are those of the bill, to the last digit",
        ),
    ],
)


gpu_traffic = sql_table(
    "gpu_traffic",
    also=["reports/gpu/untied_traffic.sql"],
    partitioned=True,
    checks=[
        finds_nothing(
            "gpu_traffic",
            "traffic_ties_out",
            "Its costs are those of inference in gpu_usage.",
            statement=read_sql(__file__, "untied_traffic"),
            told=lambda period, scope, currency, by: f"{period} {scope}: {by:+f} {currency}",
            well="costs are those of inference on accelerators, to the last digit",
        )
    ],
)


basis_sensitivity = sql_table(
    "basis_sensitivity",
    also=["reports/gpu/unequal_bases.sql"],
    partitioned=True,
    changed_with="attributed_costs",
    before=knowledge,
    checks=[
        finds_nothing(
            "basis_sensitivity",
            "bases_conserve",
            "By each basis a shared machine costs what it costs by ours.",
            statement=read_sql(__file__, "unequal_bases"),
            told=lambda period, machine, _, currency, basis, by: f"{period} {machine}: {by:+f} {currency} by {basis}",
            well="every basis divides the same cost, to the last digit",
        )
    ],
)
