"""One refresh's working copy of the lake: everything is written there, then published at once.

A crash at any moment leaves the published version as it was; what the crashed run wrote is never named by
a catalog that readers see. An OS lock admits one writer; it falls with its process.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from mlcost_assets.config import Config
from mlcost_assets.errors import StorageError
from mlcost_assets.lake import catalog, engine, journal, sql
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.home import LOCK, make_private, working_folder
from mlcost_assets.lake.maintenance import clean, expire, named_files
from mlcost_assets.lake.mark import Mark, claim, write_mark
from mlcost_assets.lake.objects import UNFINISHED, sync
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.tables import ensure_tables

# Compressed bytes up to which one thread is faster: sharing a statement of few rows costs more than doing it, and most
# statements of a small installation have few rows.
_LITTLE = 2 * 1024**2


@dataclass(frozen=True)
class Published:
    """A new version: its identity, how many files nobody needs any more were removed, and why not all of them."""

    version: str
    removed: int
    problem: str | None = None


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
        self._catalog = Catalog(config)
        self._folder = config.home
        self._base = ""
        self._opened_at = 0
        self._mark: Mark
        self._writing: journal.Writing | None = None
        self._threads = 0  # as many as the settings allow, until they are in use
        self.connection: duckdb.DuckDBPyConnection

    def expect(self, size: int) -> None:
        """Tells how many bytes come; with more than a little, all threads take part from now on."""
        if self._threads and size > _LITTLE:
            self.connection.execute(f"SET threads = {self._threads}")
            self._threads = 0

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A folder for intermediate files, removed afterwards; at the latest when the next refresh begins."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            yield Path(folder)

    @property
    def _working(self) -> Path:
        return self._folder / "working.ducklake"

    @property
    def _before(self) -> Path:
        """A copy of the version that the working copy was made from."""
        return self._folder / "before.ducklake"

    def __enter__(self) -> "LakeWriter":
        with ExitStack() as opened:
            make_private(self._config.home)
            opened.enter_context(self._locked(self._config.home / LOCK))
            if not self._catalog.store.bucket:
                make_private(Path(self._config.lake))
            self._mark = claim(self._catalog.store, catalog=catalog.KEY)
            if not self._catalog.store.bucket:
                # Another installation may write to the same folder; on S3 the conditional PUT decides between two.
                opened.enter_context(self._locked(Path(self._config.lake) / LOCK))
                for left in Path(self._config.lake).rglob(f".*{UNFINISHED}"):
                    left.unlink(missing_ok=True)
            self._folder = working_folder(self._config.home)
            opened.callback(self._discard)
            self._base = self._catalog.fetch(self._working)
            if self._base:
                shutil.copyfile(self._working, self._before)
            self._writing = journal.begin(self._catalog.store)
            spill = {"temp_directory": str(self._folder / "spill")}
            self.connection = opened.enter_context(engine.connect(settings=spill | self._settings))
            (self._threads,) = self.connection.execute("SELECT current_setting('threads')").fetchone() or (0,)
            self.connection.execute("SET threads = 1")
            self._attach()
            held = self.connection.execute("SELECT sum(file_size_bytes) FROM ducklake_table_info('lake')").fetchone()
            self.expect(int(held[0] or 0) if held else 0)
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    @contextmanager
    def _locked(self, file: Path) -> Iterator[None]:
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._say(f"Another refresh holds {lock.lock_file}; waiting for it to finish ...")
            lock.acquire()
        except OSError as error:
            raise StorageError(f"{file} cannot be written: {error.strerror}") from None
        try:
            yield
        finally:
            lock.release()

    def _discard(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._writing:
            # Left as it is, it would be taken for that of a killed writer, which comes to the same.
            with suppress(StorageError):
                journal.end(self._catalog.store, self._writing)

    def _attach(self) -> None:
        if self._catalog.store.bucket:
            engine.allow_s3(self.connection, self._catalog.store.bucket)
        else:
            make_private(Path(self._catalog.data_path))
        # Small blocks keep the catalog small: it is copied at each refresh and fetched by readers on S3.
        self._catalog.attach(self.connection, self._working, "META_BLOCK_SIZE 16384")
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
            with suppress(duckdb.Error):  # what happened before is what there is to tell
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

    def publish(self) -> Published:
        """Makes the working copy what readers see, then removes the files that nobody needs any more.

        The working copy stays attached and may be published again. Raises LakeConflictError when another was faster,
        StorageError when it cannot be written; then the version before stays.
        """
        store = self._catalog.store
        existing = {entry.key for entry in store.list(catalog.DATA)}
        free = expire(self.connection, self._config.retention, existing)
        if not self._catalog.store.bucket:
            self._make_durable(existing & named_files(self.connection, since=self._opened_at))
        self.connection.execute("USE memory; DETACH lake")
        self._catalog.publish(self._working, before=self._before if self._base else None, replaces=self._base)
        if not self._mark.published:
            self._mark = Mark(self._mark.lake, published=True)
            write_mark(store, self._mark)
        self._base = self._catalog.version()
        shutil.copyfile(self._working, self._before)
        self._attach()
        return self._cleaned(existing, free)

    def _make_durable(self, keys: set[str]) -> None:
        """Brings the data files to disk before the catalog that names them, and the folders that name the files."""
        files = [Path(self._catalog.store.uri(key)) for key in keys]
        top = Path(self._config.lake)
        folders = {parent for file in files for parent in file.parents if parent.is_relative_to(top)}
        for path in (*files, *sorted(folders, reverse=True)):
            sync(path)

    def _cleaned(self, existing: set[str], free: set[str]) -> Published:
        """Publication has succeeded: what keeps files from being removed is told, and is no failure."""
        store = self._catalog.store
        try:
            own = self._writing or journal.begin(store)
            removed = clean(self.connection, store, existing, free, own, alone=not self._catalog.store.bucket)
            self._writing = None
        except StorageError as error:
            return Published(self._base, 0, f"files that are no longer needed could not be removed: {error}")
        return Published(self._base, removed)
