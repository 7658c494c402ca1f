"""Tidying the lake: versions that nobody can ask for, and files that no version names.

Versions are forgotten before publication, in the working copy. Files are removed after it, and only those that the
catalog recorded as free at least `retention.grace_hours` ago, so that a reader that opened a version before is never
left without its files, or that a writer which is over left behind (journal.py). What else lies there is not ours.
"""

import time

import duckdb

from mlcost_assets.config.settings import Retention
from mlcost_assets.lake import journal
from mlcost_assets.lake.catalog import DATA
from mlcost_assets.lake.engine import identifier, quote
from mlcost_assets.lake.journal import Writing
from mlcost_assets.lake.objects import Store

_META = "__ducklake_metadata_lake"
_UNPUBLISHED = """
    SELECT list(snapshot_id) FROM ducklake_snapshots('lake')
    WHERE snapshot_id < (SELECT max(snapshot_id) FROM ducklake_snapshots('lake'))
        AND snapshot_id NOT IN (
            SELECT snapshot FROM refreshes WHERE published_at > now() AT TIME ZONE 'UTC' - to_days($days)
            ORDER BY snapshot DESC LIMIT $versions
        )
"""
_NAMED = f"""
    SELECT DISTINCT schemas.path || tables.path || files.path
    FROM (
        SELECT table_id, path, begin_snapshot FROM {_META}.ducklake_data_file
        UNION ALL SELECT table_id, path, begin_snapshot FROM {_META}.ducklake_delete_file
    ) AS files
    JOIN {_META}.ducklake_table AS tables USING (table_id)
    JOIN {_META}.ducklake_schema AS schemas USING (schema_id)
    WHERE files.begin_snapshot > $since
"""


def expire(connection: duckdb.DuckDBPyConnection, retention: Retention, existing: set[str]) -> set[str]:
    """Forgets, in the attached working copy, the versions that were never published or are no longer kept, and the
    freed files that are gone (`existing` are the lake's keys), with the small rows that only those versions had.

    Kept versions stay readable: `SELECT … AT (VERSION => snapshot)` with `refreshes`. Gives the keys of the files that
    were free before, at least `retention.grace_hours` ago: what is freed here is what the spare still names.
    """
    free = {DATA + path for path in _freed(connection, hours=retention.grace_hours)}
    given = {"days": retention.versions_days, "versions": retention.versions}
    found = connection.execute(_UNPUBLISHED, given).fetchone()
    if found and found[0]:
        versions = ", ".join(str(int(version)) for version in found[0])
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{versions}])")
    _reclaim_inlined_rows(connection)
    gone = [path for path in _freed(connection, hours=0) if DATA + path not in existing]
    connection.execute(
        f"DELETE FROM {_META}.ducklake_files_scheduled_for_deletion WHERE list_contains($gone, path)", {"gone": gone}
    )
    return free & existing


def _reclaim_inlined_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Few rows stand in the catalog itself, and DuckLake keeps them there for ever (its issue 1390)."""
    oldest = connection.execute(f"SELECT min(snapshot_id) FROM {_META}.ducklake_snapshot").fetchone() or (0,)
    dead = f"end_snapshot <= {int(oldest[0])}"
    inlined = connection.execute(f"SELECT table_name FROM {_META}.ducklake_inlined_data_tables").fetchall()
    # One statement looks at all of them: most have nothing to give, and planning a DELETE of each takes longer.
    looks = [f"SELECT {quote(table)} FROM {_META}.{identifier(table)} WHERE {dead}" for (table,) in inlined]
    if looks:
        for (table,) in connection.execute(" UNION ".join(looks)).fetchall():
            connection.execute(f"DELETE FROM {_META}.{identifier(table)} WHERE {dead}")


def named_files(connection: duckdb.DuckDBPyConnection, *, since: int = -1) -> set[str]:
    """The keys of the data files that a version of the attached lake names, or one after snapshot `since`."""
    return {DATA + path for (path,) in connection.execute(_NAMED, {"since": since}).fetchall()}


def clean(
    connection: duckdb.DuckDBPyConnection,
    store: Store,
    existing: set[str],
    free: set[str],
    own: Writing,
    *,
    alone: bool,
) -> int:
    """Removes the `free` files and what writers left behind, once the attached catalog is published; gives the number
    of removed files. `alone` as in Writing.is_over. Raises StorageError."""
    recorded = {DATA + path for path in _freed(connection, hours=0)} | named_files(connection)
    left, over = journal.leftovers(existing, recorded, own, list(journal.writings(store)), alone=alone)
    removed = sorted(free | set(left))
    for key in removed:
        store.delete(key)
    for writing in over:
        store.delete(writing.key)
    return len(removed)


def _freed(connection: duckdb.DuckDBPyConnection, *, hours: float) -> list[str]:
    rows = connection.execute(
        f"SELECT path FROM {_META}.ducklake_files_scheduled_for_deletion"
        " WHERE path_is_relative AND epoch_ms(schedule_start) <= $latest",
        {"latest": (time.time() - hours * 3600) * 1000},
    ).fetchall()
    return [path for (path,) in rows]
