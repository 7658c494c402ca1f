"""Whose rows somebody sees: every table of the lake as a view of them, and no way around the views.

A connection that is `narrow`ed finds the views of its teams under the tables' names and nothing else, so that every
statement of ours runs on it unchanged: those of pages, downloads, explanations and pictures. row_filters.yaml says what
each table shows; of a table that it does not name there is nothing to be seen.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.query import nodes
from mlcost_assets.lake.reader import SHARED
from mlcost_assets.lake.registry import Table, tables
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.packaged import read_yaml

# What a statement may take rows from, beside tables.
_TABLE_FUNCTIONS = {"unnest", "range", "generate_series"}
_PLAIN = "translate(lower({}), '_ ./', '----')"
# Of what the views are made, in this order.
_WHOSE = ("teams", "parts", "resources", "models", "agents", "evidence", "things", "names")


class Narrowed:
    """A connection on which every statement is looked at before it runs; it goes to the views, by their plain names."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, statement: str, parameters: object = None) -> duckdb.DuckDBPyConnection:
        """Runs one SELECT. Raises MlcostError for one that names a schema or opens something else."""
        refuse_around(statement)
        return self._connection.execute(statement, parameters)


def narrow(connection: duckdb.DuckDBPyConnection, teams: Sequence[str]) -> None:
    """Lets `connection` find nothing but the rows of `teams`. The first one of a version and its teams makes the views,
    in the memory of this process; call it with one thread at a time."""
    key = hashlib.sha256(json.dumps(sorted(teams)).encode()).hexdigest()[:32]
    with suppress(duckdb.CatalogException):
        connection.execute(f"SET search_path = 'memory.seen_{key},{SHARED}'")
        return
    connection.execute("BEGIN")
    try:
        _make(connection, key, sorted(teams))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute(f"SET search_path = 'memory.seen_{key},{SHARED}'")


def _make(connection: duckdb.DuckDBPyConnection, key: str, teams: Sequence[str]) -> None:
    connection.execute(f"CREATE SCHEMA memory.seen_{key}; CREATE SCHEMA memory.whose_{key}")
    for name in _WHOSE:
        select = _of_schema(read_sql(__file__, f"whose/{name}"), key)
        given = {"teams": list(teams)} if "$teams" in select else None
        connection.execute(f"CREATE TABLE memory.whose_{key}.{name} AS {select}", given)
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'").fetchall()
    # A version of an older release may lack some.
    for table in (tables()[name] for (name,) in found if name in tables()):
        connection.execute(f"CREATE VIEW memory.seen_{key}.{table.name} AS {_of_schema(_seen(table), key)}")
    connection.execute(f"DROP TABLE memory.whose_{key}.parts")  # as large as the costs; the others are made of it


def _of_schema(select: str, key: str) -> str:
    return select.replace("shown.", f"memory.whose_{key}.").replace("hidden.", f"memory.whose_{key}.")


def _seen(table: Table) -> str:
    """The SELECT of what row_filters.yaml lets through of a table."""
    known = filters().get(table.name)
    if known is None:
        return f"SELECT * FROM {table.qualified} WHERE false"
    silent = {one: f"CASE WHEN NOT {_names_others(one)} THEN {one} END" for one in known.get("silent") or ()}
    instead = {**(known.get("instead") or {}), **silent}
    where = [known.get("where", "true"), *(f"NOT {_names_others(one)}" for one in known.get("nameless") or ())]
    types = {column.name: column.type for column in table.columns}
    replaced = ", ".join(
        f"CAST({'NULL' if put is None else put} AS {types[one]}) AS {identifier(one)}" for one, put in instead.items()
    )
    columns = f"* REPLACE ({replaced})" if replaced else "*"
    return f"SELECT {columns} FROM {table.qualified} WHERE {' AND '.join(f'({one})' for one in where)}"


def _names_others(column: str) -> str:
    """Whether a text has a name that is only others', however it is written."""
    return f"EXISTS (FROM hidden.names WHERE contains({_PLAIN.format(column)}, {_PLAIN.format('name')}))"


@cache
def filters() -> Mapping[str, Mapping[str, Any]]:
    """What row_filters.yaml says, by table."""
    found: Mapping[str, Mapping[str, Any]] = read_yaml(Path(__file__).with_suffix(".yaml"))
    return found


@lru_cache(maxsize=2_000)
def refuse_around(statement: str) -> None:
    """Raises MlcostError where a statement is not one SELECT over plain names of tables: a qualified one is not a view
    of ours, and a function could open what is none."""
    with duckdb.connect() as apart:
        (parsed,) = apart.execute(f"SELECT json_serialize_sql({quote(statement)}::VARCHAR)").fetchone() or ("{}",)
    tree = json.loads(parsed)
    if tree.get("error") or len(tree.get("statements", ())) != 1:
        raise MlcostError("This cannot be shown to a viewer of some teams: it is not one SELECT.")
    for node in nodes(tree):
        kind = node.get("type")
        opened = node["function"].get("function_name") if kind == "TABLE_FUNCTION" else ""
        if (
            kind == "SHOW_REF"
            or (kind == "BASE_TABLE" and (node.get("schema_name") or node.get("catalog_name")))
            or (opened and opened not in _TABLE_FUNCTIONS)
        ):
            raise MlcostError("This cannot be shown to a viewer of some teams: it reads past what they may see.")
