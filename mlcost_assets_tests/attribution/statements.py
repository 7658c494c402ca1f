"""Single statements, run over the few rows that a test gives: rows in, rows out.

They find what a run finds: the package's macros, the words that it knows, and every relation with its real columns,
empty where a test gives no rows. So a row names only the columns that matter; all others are NULL.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.attribution.knowledge import provide_knowledge, provide_names
from mlcost_assets.config.rules import Rules
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import run
from mlcost_assets.lineage.edges import STATED
from mlcost_assets.macros import all_macros
from mlcost_assets.tags.reconcile import Thresholds

PACKAGE = Path(__file__).parents[2] / "mlcost_assets"
ROOMS = ("attribution", "tags", "lineage")
PARAMETERS = {"billing_period": "2026-10", **vars(Thresholds())}

Row = Mapping[str, Any]

# What Python makes of statements on the way: `<name>` is the statement of that name, `<folder/>` all of that folder.
_BY_PYTHON = {
    "stated_edges": "<lineage_edges>",
    "claimed": "SELECT *, true AS own FROM (<claims/sources/>)",
    "frontier": "FROM claimed",
    "stated_shares": "<shares/sources/>",
    "shared": "SELECT *, false AS moved FROM ranked_shares",
    "cut_charges": "FROM daily_charges",
    "direct_parts": "SELECT * EXCLUDE (parts) FROM (<direct_costs>)",
    "pool_parts": "<pooled_costs>",
    "pool_amounts": "FROM divided('pool_parts')",
    "split_amounts": "FROM divided('split_parts')",
    "name_likeness": "SELECT dimension, name, other, 1e0 AS score, '' AS stage, '' AS what FROM name_candidates",
    "name_meanings": "<tag_names>",
    "relations": STATED,
}


def files(name: str) -> list[Path]:
    """The statements `name` (`sources/names`, `sources/*`) of the rooms that decide."""
    return sorted(file for room in ROOMS for file in (PACKAGE / room).rglob(f"{name}.sql"))


def statement(name: str) -> str:
    """The text of the statement `name`, whatever its room."""
    (file,) = files(name)
    return file.read_text(encoding="utf-8")


def rows_of(
    name: str, columns: str, parameters: Mapping[str, Any] | None = None, **given: Sequence[Row]
) -> list[tuple[Any, ...]]:
    """`columns` of what the statement makes of the `given` relations, in no order."""
    with holding(statement(name), given) as connection:
        return run(connection, f"SELECT {columns} FROM ({statement(name)})", parameters).fetchall()


@contextmanager
def holding(sql: str, given: Mapping[str, Sequence[Row]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which `sql` finds every relation, and in the `given` ones those rows and no others."""
    connection = _floor()
    for relation in _named(sql) | given.keys():
        _ensure(connection, relation)
    connection.execute("BEGIN")
    try:
        for relation, rows in given.items():
            connection.execute(f"DELETE FROM {relation}")
            for row in rows:
                places = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {relation} ({', '.join(row)}) VALUES ({places})", list(row.values()))
        yield connection
    finally:
        connection.execute("ROLLBACK")


def read_by(sql: str) -> list[str]:
    """The relations that `sql` reads."""
    with holding(sql, {}) as connection:
        return sorted(relation for relation in _named(sql) if _stands(connection, relation))


@cache
def _floor() -> duckdb.DuckDBPyConnection:
    """One connection, whose one thread keeps the order of rows, so that what relies on that order is seen."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(all_macros())
    provide_knowledge(connection, Rules())
    for relation in _named(statement("organisation_prefixes") + statement("names_in_tools")):
        _ensure(connection, relation)
    provide_names(connection)
    return connection


def _ensure(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Makes the relation, empty, with the columns that it has in a run."""
    if _stands(connection, relation):
        return
    if table := tables().get(relation):
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        connection.execute(f"CREATE TEMP TABLE {relation} ({columns})")
    elif sql := _making(relation):
        for named in _named(sql):
            _ensure(connection, named)
        run(connection, f"CREATE TEMP TABLE {relation} AS FROM ({sql}) LIMIT 0", PARAMETERS)


def _stands(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    return bool(connection.execute("FROM duckdb_tables() WHERE table_name = ?", [relation]).fetchone())


def _named(sql: str) -> set[str]:
    """The relations that `sql` names and does not make itself."""
    code = re.sub("--.*", "", sql)
    named = re.findall(r"(?:\b(?:FROM|JOIN)\s+|divided\(')([a-z_]+)", code)
    return set(named) - set(re.findall(r"\b([a-z_]+) AS \(", code))


def _making(relation: str) -> str:
    """The SQL that makes a relation of one run; '' for what is none."""
    made = _BY_PYTHON.get(relation) or (f"<{relation}>" if len(files(relation)) == 1 else "")
    return re.sub(r"<([a-z_/]+)>", lambda found: _text(found[1]), made)


def _text(name: str) -> str:
    if not name.endswith("/"):
        return statement(name)
    return "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in files(f"{name}*"))
