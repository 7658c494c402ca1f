"""The lake's tables, made and kept as the registry describes them."""

import duckdb

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.registry import Column, Table, tables

# Wide tables of few distinct values: these encodings are the smallest and the cheapest to write of those DuckDB has.
_FILES = {"parquet_compression": "zstd", "parquet_compression_level": "1", "parquet_version": "2"}


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables and adds the columns that the attached lake lacks, keeps what is said of a column as the
    registry says it, and drops internal tables that nothing makes any more; never what is published, nor a column.

    One transaction, so that it is one version of the lake. Raises StorageError for a lake of somebody else.
    """
    connection.execute("BEGIN")
    connection.execute("CREATE SCHEMA IF NOT EXISTS lake.internal")
    chosen = {name for (name,) in connection.execute("SELECT option_name FROM ducklake_options('lake')").fetchall()}
    for option in _FILES.keys() - chosen:
        connection.execute(f"CALL lake.set_option({quote(option)}, {quote(_FILES[option])})")
    standing: dict[tuple[str, str], dict[str, str | None]] = {}
    for schema, table, column, comment in connection.execute(
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE database_name = 'lake'"
    ).fetchall():
        standing.setdefault((schema, table), {})[column] = comment
    if standing and ("main", "refreshes") not in standing:
        raise StorageError("This DuckLake catalog is not of mlcost. Set lake in mlcost.yaml to a location of its own.")
    for table in tables().values():
        if (columns := standing.get((table.schema, table.name))) is None:
            _create(connection, table)
        else:
            _complete(connection, table, columns)
    for name in {name for schema, name in standing if schema == "internal"} - tables().keys():
        connection.execute(f"DROP TABLE lake.internal.{identifier(name)}")
    connection.execute("COMMIT")


def _create(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
    connection.execute(f"CREATE TABLE {table.qualified} ({columns})")
    if table.partitions:
        keys = ", ".join(identifier(name) for name in table.partitions)
        connection.execute(f"ALTER TABLE {table.qualified} SET PARTITIONED BY ({keys})")
    connection.execute(f"COMMENT ON TABLE {table.qualified} IS {quote(table.description)}")
    for column in table.columns:
        _describe(connection, table, column)


def _complete(connection: duckdb.DuckDBPyConnection, table: Table, comments: dict[str, str | None]) -> None:
    for column in table.columns:
        if column.name not in comments:
            connection.execute(f"ALTER TABLE {table.qualified} ADD COLUMN {identifier(column.name)} {column.type}")
        if comments.get(column.name) != column.meaning:
            _describe(connection, table, column)


def _describe(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> None:
    """The column's meaning as its comment: `mlcost query "DESCRIBE …"` shows it."""
    connection.execute(f"COMMENT ON COLUMN {table.qualified}.{identifier(column.name)} IS {quote(column.meaning)}")
