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
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.sources import upstream
from mlcost_assets.lake.sql import run
from mlcost_assets.macros import all_macros
from mlcost_assets.reports.idle.gather import thresholds
from mlcost_assets.tags.reconcile import Thresholds
from mlcost_assets.tags.vocabulary import provide_vocabulary

PACKAGE = Path(__file__).parents[2] / "mlcost_assets"
ROOMS = ("attribution", "tags", "lineage")
PARAMETERS = {"billing_period": "2026-10", "periods": ["2026-10"], **vars(Thresholds()), **thresholds()}

# What is known of names before the dictionary is made (attribution/knowledge.py).
_NAMES = ("split_things", "names_carried", "agreed_names", "names_in_tools", "units")

Row = Mapping[str, Any]


def files(name: str) -> list[Path]:
    """The statements `name` (`sources/names`, `sources/*`) of the first room that has any."""
    return next((found for room in ROOMS if (found := sorted((PACKAGE / room).rglob(f"{name}.sql")))), [])


def statement(name: str) -> str:
    """The text of the statement `name`, whatever its room."""
    (file,) = files(name)
    return file.read_text(encoding="utf-8")


def rows_of(
    name: str,
    columns: str,
    parameters: Mapping[str, Any] | None = None,
    before: Sequence[str] = (),
    **given: Sequence[Row],
) -> list[tuple[Any, ...]]:
    """`columns` of what the statement makes of the `given` relations, and of what the statements `before` make of them,
    in no order."""
    every = "\n".join(statement(one) for one in (*before, name))
    with holding(every, given, *before) as connection:
        for earlier in before:
            run(connection, f"INSERT INTO {earlier} BY NAME {statement(earlier)}", parameters)
        return run(connection, f"SELECT {columns} FROM ({statement(name)})", parameters).fetchall()


@contextmanager
def holding(sql: str, given: Mapping[str, Sequence[Row]], *empty: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection on which `sql` finds every relation, in the `given` ones those rows and no others, and `empty`
    ones to fill. What is done on it is undone."""
    connection = _connection()
    for relation in _named(sql) | given.keys() | set(empty):
        _ensure(relation)
    connection.execute("BEGIN")
    try:
        for relation, rows in given.items():
            if relation != "record_values":  # it follows from the records
                connection.execute(f"DELETE FROM {relation}")
            if rows:
                _insert(connection, relation, rows)
        yield connection
    finally:
        connection.execute("ROLLBACK")


def read_by(sql: str) -> list[str]:
    """The relations that `sql` reads."""
    return sorted(relation for relation in _named(sql) if _ensure(relation))


def _insert(connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
    values = [row.get(column) for row in rows for column in columns]
    connection.execute(f"INSERT INTO {relation} ({', '.join(columns)}) VALUES {places}", values)


@cache
def _floor() -> duckdb.DuckDBPyConnection:
    """One connection, whose one thread keeps the order of rows, so that what relies on that order is seen."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    # It takes four times as long to plan a statement well as to run it badly over few rows.
    connection.execute("PRAGMA disable_optimizer")
    connection.execute(all_macros())
    provide_vocabulary(connection, Rules())
    provide_knowledge(connection, Rules())
    # Cases count factors as the ladder has them; how they are told is fitted anew from time to time (fitted.yaml).
    connection.execute("SET VARIABLE powers = MAP {'any other': 1.0}")
    return connection


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """The floor that also knows which words are ordinary."""
    for table in upstream("record_values", "organisation_prefixes", *_NAMES):
        _ensure(table)
    provide_names(_floor())
    # What records say follows from the records of a case.
    _floor().execute("DROP TABLE record_values")
    values = (PACKAGE / "metadata" / "record_values.sql").read_text(encoding="utf-8")
    _floor().execute(f"CREATE TEMP VIEW record_values AS {values}")
    return _floor()


@cache
def _ensure(relation: str) -> bool:
    """Makes the relation, empty, with the columns that it has in a run; false for what is none."""
    standing = "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views()"
    if _floor().execute(f"FROM ({standing}) WHERE table_name = ?", [relation]).fetchone():
        return True
    if relation not in relations():
        return False
    columns = ", ".join(f'"{column.name}" {column.type}' for column in relations()[relation].columns)
    _floor().execute(f"CREATE TEMP TABLE {relation} ({columns})")
    return True


def _named(sql: str) -> set[str]:
    """The relations that `sql` names and does not make itself."""
    code = re.sub("--.*|DISTINCT FROM", "", sql)
    named = re.findall(r"\b(?:FROM|JOIN)\s+([a-z_]+)", code) + re.findall(r"divided\('([a-z_]+)'\)", code)
    return set(named) - set(re.findall(r"\b([a-z_]+) AS \(", code))
