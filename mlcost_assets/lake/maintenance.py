"""Tidying the lake: versions that nobody can ask for, and files that no version names.

Nothing younger than a day is removed, so a reader that opened a version before is never left without its files.
"""

import duckdb

_KEPT_DAYS = 30

_UNPUBLISHED = """
    SELECT list(snapshot_id) FROM ducklake_snapshots('lake')
    WHERE snapshot_id < (SELECT max(snapshot_id) FROM ducklake_snapshots('lake'))
        AND snapshot_id NOT IN (
            SELECT snapshot FROM refreshes WHERE published_at > now() AT TIME ZONE 'UTC' - to_days($kept)
        )
"""


def tidy(connection: duckdb.DuckDBPyConnection) -> int:
    """Forgets what was never published and what was published more than a month ago, and removes the files that became
    free more than a day ago or were left by a killed run; gives the number of removed files.

    Published versions of the last 30 days stay readable: `SELECT … AT (VERSION => snapshot)` with `refreshes`.
    """
    found = connection.execute(_UNPUBLISHED, {"kept": _KEPT_DAYS}).fetchone()
    if found and found[0]:
        versions = ", ".join(str(int(version)) for version in found[0])
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => [{versions}])")
    removed = 0
    for removal in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
        files = connection.execute(f"CALL {removal}('lake', older_than => now() - INTERVAL 1 DAY)").fetchall()
        removed += len(files)
    return removed
