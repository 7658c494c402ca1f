"""Read-only access to the published version: never blocked, never half a refresh, and unable to write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake import engine, sql
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.query import judge
from mlcost_assets.lake.scratch import ScratchFolder
from mlcost_assets.macros import all_macros

# Where connections to one database find what they share; it holds no table.
SHARED = "memory.main"
# What each connection has for itself: where it finds tables.
SEARCHED = f"SET search_path = 'lake.main,lake.internal,{SHARED}'"


def failed(error: duckdb.Error) -> MlcostError:
    """Why a SELECT of this product failed: of what the lake does not have yet, since an earlier version of the product
    made it, with the mend, else in DuckDB's words."""
    said = str(error).strip()
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return MlcostError(
            "What is published was made by another version of mlcost and lacks what this asks for:"
            f" run `mlcost refresh`. ({said.splitlines()[0]})"
        )
    return MlcostError(said)


def share_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Lets `another` connection know the macros: each would take a fifth of a second to define them for itself."""
    connection.execute(all_macros(SHARED))


def another(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second connection to what a reader's `connection` shows, for a thread of its own; as locked down as that. It
    knows the macros that are shared."""
    cursor = connection.cursor()
    cursor.execute(SEARCHED)
    return cursor


class Readable(Protocol):
    """Whatever shows one published version: a LakeReader, or a version that a page shows."""

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A locked-down connection to it."""

    def query(self, statement: str, parameters: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Runs a SELECT of this product and gives its result. Raises MlcostError."""


class LakeReader:
    """One connection that follows the published version; re-attached only when that changed.

    It can write nothing, except for files in the folder `writable`. It needs no right to write anywhere in the lake.
    `limited`: it takes no more memory than `limits.memory`, as is due where users `ask`. With a `snapshot` (refreshes)
    it shows that version, as long as it is kept, whatever is published.
    """

    def __init__(
        self, config: Config, *, writable: Path | None = None, limited: bool = False, snapshot: int | None = None
    ) -> None:
        self._catalog = Catalog(config)
        self._snapshot = snapshot
        self._limits = config.limits
        self._settings = {"memory_limit": config.limits.memory} if limited else {}
        self._writable = [str(writable)] if writable else []
        self._folder = ScratchFolder()
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
        """Runs a SELECT of this product and gives its result. Raises MlcostError, as `failed` tells it."""
        connection = self.connection()
        try:
            return sql.run(connection, statement, parameters)
        except duckdb.Error as error:
            raise failed(error) from None

    def ask(self, statement: str) -> duckdb.DuckDBPyConnection:
        """Runs what a user wrote, where `query.judge` finds it to be one SELECT over the tables, and gives its result.

        It ends after `limits.query_seconds`. Raises MlcostError.
        """
        connection = self.connection()
        try:
            allowed = judge(connection, statement)
            with self._limited(connection):
                return connection.execute(allowed)
        except duckdb.InterruptException:
            raise MlcostError(
                f"The query took longer than {self._limits.query_seconds} seconds and was ended. Narrow it, or raise"
                " limits.query_seconds in mlcost.yaml."
            ) from None
        except duckdb.OutOfMemoryException as error:
            first = str(error).strip().splitlines()[0]
            raise MlcostError(
                f"The query needs more than limits.memory ({self._limits.memory}) in mlcost.yaml: {first}"
            ) from None
        except duckdb.Error as error:
            raise MlcostError(str(error).strip()) from None

    @contextmanager
    def _limited(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        timer = threading.Timer(self._limits.query_seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def is_behind(self) -> bool:
        """Whether something else is published than what it showed last."""
        return self._catalog.version() != self._version

    def close(self) -> None:
        """Ends the connection and removes the fetched copy."""
        if self._connection:
            self._connection.close()
        self._folder.close()

    def _open(self) -> tuple[str, duckdb.DuckDBPyConnection]:
        self._opened += 1  # the copy before may still be attached
        copy = self._folder.path / f"{self._opened}.ducklake"
        version = self._catalog.fetch(copy)
        if not version:
            raise MlcostError("Nothing is published yet. Run `mlcost refresh` first.")
        spill = str(self._folder.path / "spill")
        connection = engine.connect(settings={"temp_directory": spill, **self._settings})
        if self._catalog.store.bucket:
            engine.allow_s3(connection, self._catalog.store.bucket)
        of_version = () if self._snapshot is None else (f"SNAPSHOT_VERSION {self._snapshot:d}",)
        self._catalog.attach(connection, copy, "READ_ONLY", *of_version)
        connection.execute(SEARCHED)
        allowed = ", ".join(map(quote, [self._catalog.data_path, *self._writable]))
        connection.execute("SET python_enable_replacements = false")
        connection.execute(
            f"SET allowed_directories = [{allowed}]; SET enable_external_access = false; SET lock_configuration = true"
        )
        return version, connection
