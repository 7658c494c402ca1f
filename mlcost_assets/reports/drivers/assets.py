"""The table that takes the change of cost apart, and the check that the parts come to it."""

from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.runtime.checks import finds_nothing
from mlcost_assets.runtime.lake import LakeResource
from mlcost_assets.runtime.tables import sql_table


def _compared_days(lake: LakeResource) -> None:
    lake.provide("compared_days", lambda: step(lake.connection, "compared_days"))


cost_drivers = sql_table(
    "cost_drivers",
    also=["reports/drivers/untied_drivers.sql"],
    partitioned=True,
    changed_with="attributed_costs",
    with_before=True,
    before=_compared_days,
    checks=[
        finds_nothing(
            "cost_drivers",
            "drivers_sum_to_change",
            "Drivers sum to the change of the bill in each scope, and to that of each charge, to the last digit.",
            statement=read_sql(__file__, "untied_drivers"),
            told=lambda period, scope, what, currency, off_by: (
                f"{period} {scope}: {what} is off by {off_by:+f} {currency}"
            ),
            well="the drivers of every charge and scope sum to its change, to the last digit",
            blocking=True,
        )
    ],
)
