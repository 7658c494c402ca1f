"""Read-only access to the published version: never blocked, never half a refresh, and unable to write."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake import engine, sql
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.engine import quote

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


class LakeReader:
    """One connection that follows the published version; re-attached only when that changed.

    It can write nothing, except for files in the folder `writable`.
    """

    def __init__(self, config: Config, *, writable: Path | None = None) -> None:
        self._catalog = Catalog(config)
        self._writable = [str(writable)] if writable else []
        self._folder = tempfile.TemporaryDirectory(prefix="mlcost-")
        self._version: str | None = None
        self._opened = 0
        self._connection: duckdb.DuckDBPyConnection | None = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A locked-down connection to what is published now. Raises MlcostError before the first refresh."""
        version = self._catalog.version()
        if self._connection is None or version != self._version:
            self._version, self._connection = self._open()
        return self._connection

    def query(self, statement: str, parameters: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Runs one SELECT (or EXPLAIN, DESCRIBE, SHOW, SUMMARIZE) and gives its result.

        Raises MlcostError with DuckDB's own explanation when it is not one or fails.
        """
        connection = self.connection()
        try:
            statements = connection.extract_statements(statement)
            if len(statements) != 1 or statements[0].type not in _READING:
                raise MlcostError("mlcost query reads: give one SELECT, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN.")
            return sql.run(connection, statement, parameters)
        except duckdb.Error as error:
            raise MlcostError(str(error).strip()) from None

    def close(self) -> None:
        """Ends the connection and removes the fetched copy."""
        if self._connection:
            self._connection.close()
        self._folder.cleanup()

    def _open(self) -> tuple[str, duckdb.DuckDBPyConnection]:
        self._opened += 1  # the copy before may still be attached
        copy = Path(self._folder.name) / f"{self._opened}.ducklake"
        version = self._catalog.fetch(copy)
        if not version:
            raise MlcostError("Nothing is published yet. Run `mlcost refresh` first.")
        connection = engine.connect(settings={"temp_directory": str(Path(self._folder.name) / "spill")})
        if self._catalog.bucket:
            engine.allow_s3(connection, self._catalog.bucket)
        data = quote(self._catalog.data_path)
        connection.execute(
            f"ATTACH {quote(f'ducklake:{copy}')} AS lake (READ_ONLY, DATA_PATH {data}, OVERRIDE_DATA_PATH true)"
        )
        connection.execute("SET search_path = 'lake.main,lake.internal'")
        allowed = ", ".join([data, *map(quote, self._writable)])
        connection.execute(
            f"SET allowed_directories = [{allowed}]; SET enable_external_access = false; SET lock_configuration = true"
        )
        return version, connection
