"""SQL files: one statement each, beside the asset that runs it, named as the table it makes."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.registry import relations, statement_of

_PARAMETER = re.compile(r"\$([a-z_]+)")


def read_sql(module_file: str, name: str) -> str:
    """The text of `<name>.sql` in the folder of the module whose `__file__` is given, or below it (`names/words`)."""
    return (Path(module_file).parent / f"{name}.sql").read_text(encoding="utf-8")


def run(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Executes `sql` with those of `parameters` that it names as `$name`."""
    named = set(_PARAMETER.findall(sql))
    return connection.execute(sql, {key: value for key, value in (parameters or {}).items() if key in named})


def step(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    select: str = "",
    kind: str = "TABLE",
) -> None:
    """Makes the relation `name`, which lives for one run, from `select`, or from the statement of its name.

    `kind` is TABLE or VIEW. A relation that no tables.yaml describes is refused (KeyError).
    """
    made = relations()[name].name
    run(connection, f"CREATE OR REPLACE TEMP {kind} {made} AS {select or statement_of(name)}", parameters)


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Makes the relation `name`, which lives for one run, of `rows` with its columns in their order."""
    import pyarrow as pa  # a query needs none of it, and waits for no import

    columns = relations()[name].columns
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    given = {column.name: pa.array(value) for column, value in zip(columns, values, strict=True)}
    connection.register("provided", pa.table(given))
    typed = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in columns)
    step(connection, name, select=f"SELECT {typed} FROM provided")
    connection.unregister("provided")


def as_dicts(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a result by column name."""
    names = [name for name, *_ in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
