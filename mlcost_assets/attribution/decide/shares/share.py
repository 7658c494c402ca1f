"""Dividing what serves several: every source's shares, followed to those who finally use a thing."""

from pathlib import Path

import duckdb

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.writer import LakeWriter

_FARTHEST = 5  # an address, its balancer, the service, the pod … ; longer chains end where they are


def divide_shares(lake: LakeWriter) -> None:
    """Fills `shares`: for each resource, instance type and interval its final consumers and their weights."""
    with lake.transaction() as connection:
        sources = sorted((Path(__file__).parent / "sources").glob("*.sql"))
        stated = "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in sources)
        _temporary(connection, "stated_shares", stated)
        _temporary(connection, "measured_shares", read_sql(__file__, "measured_shares"))
        _temporary(connection, "ranked_shares", read_sql(__file__, "ranked_shares"))
        _temporary(connection, "shared", "SELECT *, false AS moved FROM ranked_shares")
        for _ in range(_FARTHEST):
            _temporary(connection, "shares_one_step_on", read_sql(__file__, "shares_one_step_on"))
            _temporary(connection, "shared", "FROM shares_one_step_on")
            if not connection.execute("FROM shared WHERE moved LIMIT 1").fetchone():
                break
        lake.replace("shares", read_sql(__file__, "shares"))


def _temporary(connection: duckdb.DuckDBPyConnection, table: str, sql: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")
