"""SQL files: one statement each, beside the asset that runs it, named as the table it makes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

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


def as_dicts(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a result by column name."""
    names = [name for name, *_ in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
