"""The lake's tables, made and kept as the registry describes them."""

import duckdb

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.registry import Column, Table, tables

Columns = dict[str, tuple[str, str | None]]  # type and comment by name

# Internal tables of these rooms follow from others: one in another shape is dropped, and made anew by the refresh.
_DERIVED = {"lineage", "tags", "attribution", "reports"}

# Wide tables of few distinct values: these encodings are the smallest and the cheapest to write of those DuckDB has.
_FILES = {"parquet_compression": "zstd", "parquet_compression_level": "1", "parquet_version": "2"}


def ensure_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables and adds the columns that the attached lake lacks, keeps what is said of a column as the
    registry says it, and drops internal tables that nothing makes any more or in this shape; never what is published.

    One transaction, so that it is one version of the lake. Raises StorageError for a lake of somebody else.
    """
    connection.execute("BEGIN")
    connection.execute("CREATE SCHEMA IF NOT EXISTS lake.internal")
    chosen = {name for (name,) in connection.execute("SELECT option_name FROM ducklake_options('lake')").fetchall()}
    for option in _FILES.keys() - chosen:
        connection.execute(f"CALL lake.set_option({quote(option)}, {quote(_FILES[option])})")
    standing = _standing(connection)
    if standing and ("main", "refreshes") not in standing:
        raise StorageError("This DuckLake catalog is not of mlcost. Set lake in mlcost.yaml to a location of its own.")
    for name in [name for (schema, name), columns in standing.items() if schema == "internal" and _old(name, columns)]:
        connection.execute(f"DROP TABLE lake.internal.{identifier(name)}")
        del standing["internal", name]
    counted = _counted(connection)
    for table in tables().values():
        if (columns := standing.get((table.schema, table.name))) is None:
            _create(connection, table)
        else:
            _complete(connection, table, columns)
        if (table.schema, table.name) not in counted:
            _count(connection, table)
    connection.execute("COMMIT")


def _standing(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Columns]:
    found: dict[tuple[str, str], Columns] = {}
    for schema, table, column, kind, comment in connection.execute(
        "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()"
        " WHERE database_name = 'lake'"
    ).fetchall():
        found.setdefault((schema, table), {})[column] = (kind, comment)
    return found


def _counted(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """The tables, by schema and name, of which DuckLake keeps statistics: those that had a row at some time."""
    rows = connection.execute(
        """
        SELECT schema_name, table_name
        FROM __ducklake_metadata_lake.ducklake_table AS standing
        JOIN __ducklake_metadata_lake.ducklake_schema AS of_schema USING (schema_id)
        WHERE standing.end_snapshot IS NULL
            AND table_id IN (SELECT table_id FROM __ducklake_metadata_lake.ducklake_table_stats)
        """
    ).fetchall()
    return {(schema, name) for schema, name in rows}


def _count(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Gives a table that never had a row its statistics, which say that it has none.

    DuckLake remembers statistics, but not that there are none (duckdb/ducklake, pull request 1313): every statement
    that reads such a table would ask the catalog for them twice a column, a quarter of what a small refresh costs.
    """
    connection.execute(f"INSERT INTO {table.qualified} ({identifier(table.columns[0].name)}) VALUES (NULL)")
    connection.execute(f"DELETE FROM {table.qualified}")


def _old(name: str, columns: Columns) -> bool:
    """Whether an internal table is one that nothing makes any more, or that is made in another shape now."""
    table = tables().get(name)
    if table is None:
        return True
    kinds = {column.name: _plain(column.type) for column in table.columns}
    return table.domain in _DERIVED and any(kinds.get(name) != _plain(kind) for name, (kind, _) in columns.items())


def _plain(kind: str) -> str:
    return kind.replace('"', "").replace(" ", "").upper()


def _create(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f"{identifier(column.name)} {column.type}" for column in table.columns)
    connection.execute(f"CREATE TABLE {table.qualified} ({columns})")
    if table.partitions:
        keys = ", ".join(identifier(name) for name in table.partitions)
        connection.execute(f"ALTER TABLE {table.qualified} SET PARTITIONED BY ({keys})")
    connection.execute(f"COMMENT ON TABLE {table.qualified} IS {quote(table.description)}")
    for column in table.columns:
        _describe(connection, table, column)


def _complete(connection: duckdb.DuckDBPyConnection, table: Table, columns: Columns) -> None:
    for column in table.columns:
        if column.name not in columns:
            connection.execute(f"ALTER TABLE {table.qualified} ADD COLUMN {identifier(column.name)} {column.type}")
        if columns.get(column.name, ("", None))[1] != column.meaning:
            _describe(connection, table, column)


def _describe(connection: duckdb.DuckDBPyConnection, table: Table, column: Column) -> None:
    """The column's meaning as its comment: `mlcost query "DESCRIBE …"` shows it."""
    connection.execute(f"COMMENT ON COLUMN {table.qualified}.{identifier(column.name)} IS {quote(column.meaning)}")
