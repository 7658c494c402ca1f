"""One period's money put to its owners: direct parts, then pools, then attributed_costs and its evidence."""

import duckdb

from mlcost_assets import attribution
from mlcost_assets.billing import daily_charges_sql
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.lake.writer import LakeWriter

# The parts with their amounts: those of a shared charge divided, all others as they are.
_SETTLED = """
    SELECT * EXCLUDE (parts) FROM unsettled WHERE parts = 1
    UNION ALL BY NAME
    SELECT shared_parts.* EXCLUDE (parts) REPLACE (
        amounts.usage_quantity AS usage_quantity,
        amounts.billed_cost AS billed_cost, amounts.effective_cost AS effective_cost,
        amounts.list_cost AS list_cost, amounts.contracted_cost AS contracted_cost)
    FROM shared_parts
    JOIN divided('shared_parts') AS amounts USING (charge, owner)
"""


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
    _temporary(connection, "cut_charges", _cut_charges(), given | {"by_hour": True})
    _temporary(connection, "unsettled", read_sql(__file__, "direct_costs"), given)
    _temporary(connection, "shared_parts", "FROM unsettled WHERE parts > 1", {})
    _temporary(connection, "direct_parts", _SETTLED, {})
    _temporary(connection, "pool_weights", read_sql(__file__, "pool_weights"), given)
    _temporary(connection, "pool_parts", read_sql(__file__, "pooled_costs"), given)
    _temporary(connection, "pool_amounts", "FROM divided('pool_parts')", {})
    _temporary(connection, "parts_after_pools", read_sql(__file__, "parts_after_pools"), {})
    _temporary(connection, "split_parts", read_sql(__file__, "split_parts"), given)
    _temporary(connection, "split_amounts", "FROM divided('split_parts')", {})
    _temporary(connection, "parts_after_splits", read_sql(__file__, "parts_after_splits"), {})


def _temporary(connection: duckdb.DuckDBPyConnection, table: str, sql: str, given: dict[str, object]) -> None:
    run(connection, f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}", given)


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
