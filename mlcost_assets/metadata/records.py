"""From new landed files to `metadata_records`, `quarantined_records` and `resource_history`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata.kinds import provide_kinds
from mlcost_assets.metadata.landing import LONGEST_LINE, Landed, batches


@dataclass(frozen=True)
class Read:
    """What one reading of the landing zone brought."""

    files: int
    lines: int
    records: int
    quarantined: int
    unreadable: tuple[str, ...]


def read_files(
    lake: LakeWriter, store: Store, files: Iterable[Object], progress: Callable[[str], None] = lambda _: None
) -> Read:
    """Reads `files` into metadata_records and quarantined_records, in one transaction.

    A file that was read before and has grown is read anew as a whole.
    """
    landed = [Landed(store, entry) for entry in files]
    now = datetime.now(UTC).replace(tzinfo=None)
    parse = read_sql(__file__, "metadata_records")
    with lake.transaction() as connection:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE parsed_lines AS"
            " SELECT *, '' AS text, '' AS reason FROM metadata_records LIMIT 0"
        )
        for number, lines in enumerate(batches(landed), 1):
            connection.register("landed_lines", lines)
            run(connection, f"INSERT INTO parsed_lines BY NAME {parse}", {"now": now, "longest_line": LONGEST_LINE})
            connection.unregister("landed_lines")
            progress(f"{sum(file.lines for file in landed):,} lines read in {number} batches")
        again = [file.entry.key for file in landed]
        for table in ("metadata_files", "metadata_records", "quarantined_records"):
            connection.execute(f"DELETE FROM {table} WHERE list_contains(?, file)", [again])
        connection.execute(
            "INSERT INTO metadata_records BY NAME"
            " SELECT * EXCLUDE (text, reason) FROM parsed_lines WHERE reason IS NULL"
        )
        connection.execute(
            "INSERT INTO quarantined_records BY NAME"
            " SELECT file, line, reason, text AS content FROM parsed_lines WHERE reason IS NOT NULL"
        )
        _enter(lake, landed, now)
        lines, records = connection.execute(
            "SELECT count(*), count(*) FILTER (reason IS NULL) FROM parsed_lines"
        ).fetchone() or (0, 0)
    unreadable = tuple(f"{file.entry.key}: {file.error}" for file in landed if file.error)
    return Read(len(landed), lines, records, lines - records, unreadable)


def _enter(lake: LakeWriter, landed: list[Landed], now: datetime) -> None:
    rows = [(file.entry.key, file.entry.etag, file.entry.size, file.lines, file.error, now, False) for file in landed]
    if rows:
        lake.connection.executemany(
            "INSERT INTO metadata_files (file, etag, bytes, lines, error, read_at, in_history)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def rebuild_history(lake: LakeWriter) -> int:
    """Makes the history of the ids that newly read files speak of anew; gives the number of states written.

    The history of an id depends on its own records only, so the others stand as they are.
    """
    with lake.transaction() as connection:
        provide_kinds(connection)
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE touched_ids AS SELECT DISTINCT kind, id FROM metadata_records"
            " WHERE file IN (SELECT file FROM metadata_files WHERE NOT in_history)"
        )
        connection.execute(
            "DELETE FROM resource_history WHERE EXISTS (FROM touched_ids"
            " WHERE touched_ids.kind = resource_history.kind AND touched_ids.id = resource_history.id)"
        )
        written = connection.execute(
            f"INSERT INTO resource_history BY NAME {read_sql(__file__, 'resource_history')}"
        ).fetchone()
        connection.execute("UPDATE metadata_files SET in_history = true WHERE NOT in_history")
    return int(written[0]) if written else 0
