"""Gathering claims: every source's claims, then what flows from them along the lineage."""

from pathlib import Path

import duckdb

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.lake.writer import LakeWriter

_FARTHEST = 10  # hops; the longest known path (registry … artifact, job, prefix, job that prepared it) has eight

_CLAIM = "resource_key, dimension, value, valid_from, valid_to"

# A model's alias is the model, whoever says it; as for a code, the reason tells that its name is another. What a
# thing's settings have of a registry's addresses it is told as surely as by a tag.
_DIRECT = """
    SELECT said.* REPLACE (
            coalesce(known.name, said.value) AS value,
            CASE
                WHEN known.name <> said.value THEN list_append(said.factors, factor('the name of its code', 1))
                ELSE said.factors END AS factors
        ),
        source IN ('rule', 'bill_tag', 'resource_tag') OR place = 'registered model' AS own
    FROM ({every}) AS said
    LEFT JOIN model_aliases ON said.dimension = 'model' AND model_aliases.alias = said.value
    LEFT JOIN name_dictionary AS known
        ON known.dimension = 'model' AND known.compact = replace(model_aliases.alias, '-', '')
    WHERE valid_from < valid_to
"""

# How a claim travels: what a registry or a name says stays that, everything else becomes lineage. Accounts are told of
# everything in them already.
_IDENTITY = "FROM claimed WHERE source = 'identity'"
_TRAVELLING = """
    SELECT * REPLACE (CASE WHEN source = 'name' THEN source ELSE 'lineage' END AS source)
    FROM claimed WHERE source NOT IN ('account', 'copied_tag', 'identity')
"""
_CODED = """
    SELECT * REPLACE ('lineage' AS source) FROM model_codes WHERE source = 'code'
"""


def gather_claims(lake: LakeWriter) -> list[int]:
    """Fills `claims`; gives the number of direct claims and of those that each hop added."""
    with lake.transaction() as connection:
        step(connection, "dictionary_hits")
        step(connection, "tag_spans")
        step(connection, "finest_unit")
        step(connection, "carried_tags")
        _direct_claims(connection)
        step(connection, "unit_teams")
        connection.execute("INSERT INTO claimed BY NAME FROM unit_teams")
        added = _flow(connection, _IDENTITY)
        # What a registry knows by now tells which tags are another's.
        step(connection, "copied_tags")
        step(connection, "set_aside")
        step(connection, "claimed", select="FROM set_aside")
        added += _flow(connection, _TRAVELLING)
        # Whose the models of things are is known only now.
        step(connection, "model_codes")
        connection.execute("INSERT INTO claimed BY NAME FROM model_codes")
        added += _flow(connection, _CODED)
        step(connection, "code_names")
        lake.replace("claims", statement_of("claims"))
    return added


def _direct_claims(connection: duckdb.DuckDBPyConnection) -> None:
    sources = sorted((Path(__file__).parent / "sources").glob("*.sql"))
    every = "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in sources)
    step(connection, "claimed", select=_DIRECT.format(every=every))
    step(connection, "caller_edges")
    step(connection, "flow_edges")


def _flow(connection: duckdb.DuckDBPyConnection, travelling: str) -> list[int]:
    """Hop by hop until nothing new is claimed; a claim that stands is never made again, so cycles end."""
    step(connection, "frontier", select=travelling)
    counts = [_count(connection, "frontier")]
    for _ in range(_FARTHEST):
        step(connection, "hop", select=read_sql(__file__, "flow"))
        if not (added := _count(connection, "hop")):
            break
        counts.append(added)
        connection.execute(
            f"INSERT INTO claimed BY NAME SELECT {_CLAIM}, source, 'lineage' AS method, code, place, said, factors,"
            " path, false AS own FROM hop"
        )
        step(connection, "frontier", select="FROM hop")
    return counts


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0
