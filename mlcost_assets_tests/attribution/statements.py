"""Single statements of attribution, run over the few rows that a test gives: rows in, rows out."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.lake.sql import run

FOLDER = Path(__file__).parents[2] / "mlcost_assets" / "attribution"

# The ends of time, names that are normal already, and the dimensions that name an owner.
_FLOOR = """
    CREATE MACRO always_from() AS TIMESTAMP '1970-01-01';
    CREATE MACRO always_to() AS TIMESTAMP '9999-12-31';
    CREATE MACRO normal_form(text) AS text;
    CREATE MACRO dimensions() AS ['model', 'project', 'pipeline', 'experiment', 'team', 'business_function', 'environment'];
"""


def statement(name: str) -> str:
    """The text of attribution's statement `name` (`sources/names`), whatever its room."""
    (file,) = FOLDER.rglob(f"{name}.sql")
    return file.read_text(encoding="utf-8")


def rows_of(
    name: str, columns: str, parameters: dict[str, Any] | None = None, **tables: list[dict[str, Any]]
) -> list[tuple[Any, ...]]:
    """`columns` of what the statement makes of `tables`, in no order."""
    with duckdb.connect() as connection:
        connection.execute(_FLOOR)
        for table, rows in tables.items():
            given = pa.Table.from_pylist(rows)
            types = [pa.string() if pa.types.is_null(field.type) else field.type for field in given.schema]
            connection.register(table, given.cast(pa.schema(zip(given.column_names, types, strict=True))))
        return run(connection, f"SELECT {columns} FROM ({statement(name)})", parameters).fetchall()
