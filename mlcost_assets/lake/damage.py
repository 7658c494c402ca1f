"""A lake with lost or damaged files: what is wrong with it, and what can be done without the exports.

What is gone is taken out of the working copy; the refresh that follows makes it anew from exports and records
(`mlcost doctor --repair`, or `mlcost refresh --all` where the catalog itself is whole).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.errors import StorageError
from mlcost_assets.lake import engine
from mlcost_assets.lake.catalog import DATA, KEY, SPARE, Catalog
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.mark import Mark, read_mark, write_mark
from mlcost_assets.lake.objects import Store
from mlcost_assets.lake.scratch import ScratchFolder
from mlcost_assets.lake.sql import as_dicts, read_sql

_META = "__ducklake_metadata_lake"


@dataclass(frozen=True)
class LostFile:
    """A data file whose rows are gone, and why; periods are None for rows of no billing period."""

    data_file_id: int
    table: str
    key: str
    rows: int
    why: str
    first_period: str | None
    last_period: str | None

    def holds(self, period: str) -> bool:
        """Whether it may have held rows of `period`."""
        return self.first_period is None or self.first_period <= period <= (self.last_period or period)

    def __str__(self) -> str:
        """What is lost, for a person."""
        span = " to ".join(sorted({period for period in (self.first_period, self.last_period) if period}))
        return f"{self.table}{f' {span}' if span else ''}: {self.rows:,} rows ({self.key} {self.why})"


def lost_files(connection: duckdb.DuckDBPyConnection, store: Store, *, read: bool = False) -> list[LostFile]:
    """The data files of the attached lake that are not what the catalog says; with `read`, that cannot be read, too.

    One listing; `read` reads everything. Raises StorageError when the lake cannot be listed.
    """
    sizes = {entry.key: entry.size for entry in store.list(DATA)}
    found = []
    for named in as_dicts(connection.execute(read_sql(__file__, "lost_files"))):
        key, size = DATA + named["key"], named["file_size_bytes"]
        if key not in sizes:
            why = "is not there"
        elif sizes[key] != size:
            why = f"has {sizes[key]:,} instead of {size:,} bytes"
        elif not read or _is_readable(connection, store.uri(key)):
            continue
        else:
            why = "cannot be read"
        told = (named[part] for part in ("rows", "first_period", "last_period"))
        rows, first, last = told
        found.append(LostFile(named["data_file_id"], named["table_name"], key, rows, why, first, last))
    return found


def _is_readable(connection: duckdb.DuckDBPyConnection, uri: str) -> bool:
    try:
        connection.execute(f"SELECT count(COLUMNS(*)) FROM read_parquet({quote(uri)})").fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return False
    return True


def forget(connection: duckdb.DuckDBPyConnection, lost: Sequence[LostFile]) -> None:
    """Takes the rows of `lost` out of every version of the attached working copy; all other rows stay."""
    gone = {"gone": [file.data_file_id for file in lost]}
    for table in ("data_file", "delete_file", "file_column_stats", "file_partition_value"):
        connection.execute(f"DELETE FROM {_META}.ducklake_{table} WHERE list_contains($gone, data_file_id)", gone)


def inspect(config: Config, *, read: bool = True) -> list[str]:
    """What is lost of the published lake, a sentence each; nothing for a sound one or before the first refresh.

    With `read` every file is read, else its size is looked at. Raises StorageError when the lake cannot be listed.
    """
    catalog = Catalog(config)
    mark = read_mark(catalog.store)
    with ScratchFolder() as scratch:
        if wrong := _what_is_wrong(catalog, KEY, scratch):
            return [f"catalog: {wrong}"] if wrong != _ABSENT or (mark and mark.published) else []
        with engine.connect() as connection:
            if catalog.store.bucket:
                engine.allow_s3(connection, catalog.store.bucket)
            catalog.attach(connection, scratch / KEY, "READ_ONLY")
            return [str(file) for file in lost_files(connection, catalog.store, read=read)]


def mend_catalog(config: Config) -> list[str]:
    """Puts the spare in the place of a published catalog that is damaged or gone; without a sound one the lake begins
    anew. Gives what was done, a sentence each; nothing for a sound catalog.

    The damaged file is kept beside it. Raises StorageError when the lake cannot be read or written.
    """
    catalog = Catalog(config)
    store = catalog.store
    mark = read_mark(store)
    with ScratchFolder() as scratch:
        wrong = _what_is_wrong(catalog, KEY, scratch)
        if wrong is None or (wrong == _ABSENT and not (mark and mark.published)):
            return []
        done = []
        if wrong != _ABSENT:
            kept = f"catalog.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.ducklake"
            store.write(kept, store.read(KEY))
            store.delete(KEY)
            done.append(f"the catalog was damaged ({wrong}); it is kept as {store.uri(kept)}")
        if _what_is_wrong(catalog, SPARE, scratch) is None:
            store.write(KEY, store.read(SPARE), replaces="")
            done.append("the version before it was brought back: the newest refresh is lost and made anew")
        else:
            write_mark(store, Mark(mark.lake if mark else "", published=False))
            done.append(
                "there is no sound copy of it: everything is made anew from exports and records. Lost are the months"
                f" that no export holds any more, and the history of refreshes; old data files stay below"
                f" {store.uri(DATA)}"
            )
        return done


_ABSENT = "it is not there"


def _what_is_wrong(catalog: Catalog, key: str, folder: Path) -> str | None:
    """Why the catalog at `key` cannot be used; None for a sound one."""
    if catalog.store.stat(key) is None:
        return _ABSENT
    copy = folder / key
    copy.write_bytes(catalog.store.read(key))
    try:
        with engine.connect() as connection:
            catalog.attach(connection, copy, "READ_ONLY")
            connection.execute("SELECT count(*) FROM ducklake_snapshots('lake')").fetchall()
            connection.execute(read_sql(__file__, "lost_files")).fetchall()
    except (duckdb.Error, StorageError) as error:
        return str(error).strip().splitlines()[0][:200]
    return None
