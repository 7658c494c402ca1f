"""One period's money put to its owners: direct parts, then pools, then attributed_costs and its evidence."""

import duckdb

from mlcost_assets import attribution
from mlcost_assets.billing import daily_charges_sql
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.lake.writer import LakeWriter


def attribute_period(lake: LakeWriter, period: str) -> None:
    """Makes attributed_costs, attribution_evidence and split_counts of `period`, in one transaction."""
    with lake.transaction() as connection:
        assign(connection, period)
        for table in ("attributed_costs", "attribution_evidence", "split_counts"):
            lake.replace(table, read_sql(__file__, table), billing_period=period)


def assign(connection: duckdb.DuckDBPyConnection, period: str) -> None:
    """Divides every charge of `period` among its owners, to the last digit.

    Makes the temporary tables direct_parts (what each charge is), pool_parts and parts_after_splits (whose it is).
    """
    connection.execute(read_sql(attribution.__file__, "macros"))
    given: dict[str, object] = {"billing_period": period}
    step(connection, "cut_charges", given | {"by_hour": True}, select=_cut_charges())
    step(connection, "unsettled", given, select=read_sql(__file__, "direct_costs"))
    step(connection, "shared_parts", select="FROM unsettled WHERE parts > 1")
    step(connection, "direct_parts")
    step(connection, "pool_weights", given)
    step(connection, "pool_parts", given, select=read_sql(__file__, "pooled_costs"))
    step(connection, "pool_amounts", select="FROM divided('pool_parts')")
    step(connection, "parts_after_pools")
    step(connection, "split_parts", given)
    step(connection, "split_amounts", select="FROM divided('split_parts')")
    step(connection, "parts_after_splits")


def _cut_charges() -> str:
    """The hours of resources that change their owner inside a day: daily_charges' own statement, by hour.

    It finds only their rows under the name line_items, because all others would be summed for nothing.
    """
    return f"""
        WITH line_items AS (
            FROM {tables()["line_items"].qualified}
            WHERE billing_period = $billing_period AND coalesce(resource_id, '') IN (
                SELECT resource_id FROM billed_things JOIN thing_owners USING (billing_period, billed_thing)
                WHERE billing_period = $billing_period AND valid_from <> date_trunc('day', valid_from))
        )
        {daily_charges_sql()}
    """
