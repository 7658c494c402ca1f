"""Gathering candidates: every source's claims, then what flows from them along the lineage."""

from pathlib import Path

import duckdb

from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.writer import LakeWriter

_FARTHEST = 8  # hops; the longest known path (step of a pipeline → … → endpoint's log group) has six

_CLAIM = "resource_key, dimension, value, valid_from, valid_to"


def gather_candidates(lake: LakeWriter) -> list[int]:
    """Fills `candidates`; gives the number of direct claims and of those that each hop added."""
    with lake.transaction() as connection:
        _direct_claims(connection)
        added = _flow(connection)
        lake.replace(
            "candidates",
            f"SELECT {_CLAIM}, source, precedence, method, confidence, path, statement"
            " FROM claimed JOIN precedence USING (source)",
        )
    return added


def _direct_claims(connection: duckdb.DuckDBPyConnection) -> None:
    sources = sorted((Path(__file__).parent / "candidates").glob("*.sql"))
    every = "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in sources)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE claimed AS SELECT *, true AS own FROM ({every}) WHERE valid_from < valid_to"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE flow_edges AS {read_sql(__file__, 'flow_edges')}")


def _flow(connection: duckdb.DuckDBPyConnection) -> list[int]:
    """Hop by hop until nothing new is claimed; a claim that stands is never made again, so cycles end."""
    connection.execute("CREATE OR REPLACE TEMP TABLE frontier AS FROM claimed")
    counts = [_count(connection, "frontier")]
    for _ in range(_FARTHEST):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE hop AS {read_sql(__file__, 'flow')}")
        if not (added := _count(connection, "hop")):
            break
        counts.append(added)
        connection.execute(
            f"INSERT INTO claimed BY NAME SELECT {_CLAIM}, 'lineage' AS source, 'lineage' AS method, confidence, path,"
            " statement, false AS own FROM hop"
        )
        connection.execute("CREATE OR REPLACE TEMP TABLE frontier AS FROM hop")
    return counts


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0
