"""One refresh's working copy of the lake: everything is written there, then published at once.

A crash at any moment leaves the published version as it was; what the crashed run wrote is never named by
a catalog that readers see. The OS lock in `home` admits one writer; it falls with its process.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from mlcost_assets.config import Config
from mlcost_assets.lake import engine, sql
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.tables import ensure_tables


class LakeWriter:
    """A context manager: lock, working copy, and `publish()`; without it everything is discarded."""

    def __init__(
        self,
        config: Config,
        *,
        settings: dict[str, Any] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._settings = settings or {}
        self._say = say
        self._folder = config.home / "work"
        self._lock = FileLock(config.home / "lock")
        self._catalog = Catalog(config)
        self._base = ""
        self._opened_at = 0
        self.connection: duckdb.DuckDBPyConnection

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A folder for intermediate files, removed afterwards; at the latest when the next refresh begins."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield Path(folder)

    @property
    def _working(self) -> Path:
        return self._folder / "working.ducklake"

    def __enter__(self) -> "LakeWriter":
        self._config.home.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            self._say(f"Another refresh holds {self._lock.lock_file}; waiting for it to finish ...")
            self._lock.acquire()
        try:
            shutil.rmtree(self._folder, ignore_errors=True)  # what a killed run left
            self._folder.mkdir()
            self._base = self._catalog.fetch(self._working)
            spill = {"temp_directory": str(self._folder / "spill")}
            self.connection = engine.connect(settings=spill | self._settings)
            self._attach()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.connection.close()
            self._working.unlink(missing_ok=True)
        finally:
            self._lock.release()

    def _attach(self) -> None:
        if self._catalog.bucket:
            engine.allow_s3(self.connection, self._catalog.bucket)
        else:
            Path(self._catalog.data_path).mkdir(parents=True, exist_ok=True)
        # Small blocks keep the catalog small: it is copied at each refresh and fetched by readers on S3.
        self.connection.execute(
            f"ATTACH {quote(f'ducklake:{self._working}')} AS lake (DATA_PATH {quote(self._catalog.data_path)},"
            " OVERRIDE_DATA_PATH true, META_BLOCK_SIZE 16384)"
        )
        ensure_tables(self.connection)
        self.connection.execute("SET search_path = 'lake.main,lake.internal'")
        snapshots = self.connection.execute("SELECT max(snapshot_id) FROM ducklake_snapshots('lake')").fetchone()
        self._opened_at = int(snapshots[0]) if snapshots else 0

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Everything inside is written to the working copy together, or not at all."""
        self.connection.execute("BEGIN")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def as_published(self, name: str) -> str:
        """SQL for the rows of table `name` as they were when the working copy was made, whatever was written since."""
        return f"FROM {tables()[name].qualified} AT (VERSION => {self._opened_at})"

    def replace(self, name: str, select: str, parameters: Mapping[str, Any] | None = None, **keys: str) -> int:
        """Makes the rows of table `name` whose columns equal `keys` those of `select`; gives their number."""
        table = tables()[name]
        where = " AND ".join(f"{engine.identifier(key)} = ${key}" for key in keys) or "true"
        sql.run(self.connection, f"DELETE FROM {table.qualified} WHERE {where}", keys)
        inserted = sql.run(
            self.connection, f"INSERT INTO {table.qualified} BY NAME {select}", {**keys, **(parameters or {})}
        ).fetchone()
        return int(inserted[0]) if inserted else 0

    def publish(self) -> str:
        """Makes the working copy what readers see. Raises LakeConflictError when another was faster.

        Gives the new version's identity. The working copy stays attached and may be published again.
        """
        self.connection.execute("USE memory; DETACH lake")
        self._catalog.publish(self._working, replaces=self._base)
        self._base = self._catalog.version()
        self._attach()
        return self._base
