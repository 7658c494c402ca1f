"""Small temporary tables for SQL, from what Python has read."""

from typing import Any

import duckdb
import pyarrow as pa

# The texts of a charge that rules and splits look at.
GLOBS = (
    "export_name",
    "account_id",
    "region_id",
    "service_code",
    "usage_type",
    "operation",
    "resource_id",
    "charge_category",
)


def fill_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, Any],
    types: dict[str, pa.DataType] | None = None,
) -> None:
    """Makes the temporary table from columns; `types` for those that may be empty."""
    arrays = {column: pa.array(values, (types or {}).get(column)) for column, values in columns.items()}
    connection.register("provided", pa.table(arrays))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM provided")
    connection.unregister("provided")


def by_column(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Rows as columns by name."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def as_globs(given: str | list[str] | None) -> list[str]:
    """A condition as a list of globs; none match everything."""
    return [] if given is None else [given] if isinstance(given, str) else given
