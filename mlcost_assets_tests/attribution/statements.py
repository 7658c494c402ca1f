"""Single statements of attribution, run over the few rows that a test gives: rows in, rows out."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from mlcost_assets.attribution.ladder import provide_ladder
from mlcost_assets.lake.sql import run

FOLDER = Path(__file__).parents[2] / "mlcost_assets" / "attribution"

# Names that are normal already.
_FLOOR = "CREATE MACRO normal_form(text) AS text"

# What thing_owners reads, each made from those before it.
DECIDING = ("things", "thing_parts", "thing_claims", "thing_pieces", "thing_picks")


def statement(name: str) -> str:
    """The text of attribution's statement `name` (`sources/names`), whatever its room."""
    (file,) = FOLDER.rglob(f"{name}.sql")
    return file.read_text(encoding="utf-8")


def rows_of(
    name: str,
    columns: str,
    parameters: dict[str, Any] | None = None,
    before: Iterable[str] = (),
    **tables: list[dict[str, Any]],
) -> list[tuple[Any, ...]]:
    """`columns` of what the statement makes of `tables` and of what the statements `before` make of them, in no order."""
    with duckdb.connect() as connection:
        connection.execute(_FLOOR)
        connection.execute(statement("macros"))
        provide_ladder(connection)
        for table, rows in tables.items():
            given = pa.Table.from_pylist(rows)
            types = [pa.string() if pa.types.is_null(field.type) else field.type for field in given.schema]
            connection.register(table, given.cast(pa.schema(zip(given.column_names, types, strict=True))))
        for earlier in before:
            run(connection, f"CREATE TEMP TABLE {earlier} AS {statement(earlier)}", parameters)
        return run(connection, f"SELECT {columns} FROM ({statement(name)})", parameters).fetchall()
