"""From new landed files to `metadata_records`, `quarantined_records`, `sightings` and `resource_history`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from mlcost_assets.errors import excerpt
from mlcost_assets.lake.contents import digest_of
from mlcost_assets.lake.objects import Object, Store
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import read_sql, run, step
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata.kinds import provide_kinds
from mlcost_assets.metadata.landing import Landed, batches
from mlcost_assets.runtime.versions import code_version, version_of


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
    lake.expect(sum(file.entry.size for file in landed))
    parse = read_sql(__file__, "metadata_records")
    given = {"now": datetime.now(UTC).replace(tzinfo=None)}
    records = quarantined = 0
    with lake.transaction() as connection:
        again = [file.entry.key for file in landed]
        for table in ("metadata_files", "metadata_records", "quarantined_records", "sightings"):
            connection.execute(f"DELETE FROM {table} WHERE list_contains(?, file)", [again])
        for lines in batches(landed):
            connection.register("landed_lines", lines)
            # Not a temporary table: one that is replaced is kept in memory until the transaction ends.
            connection.register("parsed_lines", run(connection, parse, given).to_arrow_table())
            records += _insert(connection, "metadata_records", "* EXCLUDE (text, reason)", "reason IS NULL")
            quarantined += _insert(
                connection, "quarantined_records", "file, line, reason, text AS content", "reason IS NOT NULL"
            )
            progress(f"{records:,} records read")
        for view in ("landed_lines", "parsed_lines"):
            connection.unregister(view)
        _enter(connection, landed, given["now"])
    unreadable = tuple(f"{excerpt(file.entry.key, 160)}: {file.error}" for file in landed if file.error)
    return Read(len(landed), records + quarantined, records, quarantined, unreadable)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: str, where: str) -> int:
    row = connection.execute(f"INSERT INTO {table} BY NAME SELECT {columns} FROM parsed_lines WHERE {where}").fetchone()
    return int(row[0]) if row else 0


def _enter(connection: duckdb.DuckDBPyConnection, landed: list[Landed], now: object) -> None:
    entered = pa.table(  # noqa: F841  DuckDB finds it by its name
        {
            "file": pa.array([file.entry.key for file in landed], pa.string()),
            "etag": pa.array(["" if file.broken_off else file.entry.etag for file in landed], pa.string()),
            "bytes": pa.array([file.entry.size for file in landed], pa.int64()),
            "lines": pa.array([file.lines for file in landed], pa.int64()),
            "error": pa.array([file.error for file in landed], pa.string()),
            "digest": pa.array(
                [None if file.broken_off else digest_of(file.store, file.entry) for file in landed], pa.string()
            ),
        }
    )
    connection.execute(
        "INSERT INTO metadata_files BY NAME SELECT *, $now AS read_at, false AS in_history FROM entered", {"now": now}
    )


def see(lake: LakeWriter) -> int:
    """Adds to `sightings` what files that are not in it yet tell of when resources lived; gives the records seen.

    Where what makes them changed since (kinds/, a statement, a macro), all files are seen and all history is made anew.
    """
    version = version_of(code_version("sightings"), code_version("resource_history"))
    with lake.transaction() as connection:
        provide_kinds(connection)
        current = connection.execute("SELECT count(*) FROM sightings WHERE made_from = ?", [version]).fetchone()
        if not (current and current[0]):
            connection.execute("DELETE FROM sightings")
            connection.execute("UPDATE metadata_files SET in_history = false")
        step(connection, "files_to_see", select="SELECT file FROM metadata_files WHERE NOT in_history")
        connection.execute("DELETE FROM sightings WHERE file IN (SELECT file FROM files_to_see)")
        statement = f"INSERT INTO sightings BY NAME {statement_of('sightings')}"
        row = run(connection, statement, {"version": version}).fetchone()
    return int(row[0]) if row else 0


def rebuild_history(lake: LakeWriter) -> int:
    """Makes the history of the ids that newly read files may change anew; gives the number of states written.

    The history of an id depends on its own sightings and on the looks that missed it, so the others stand as they are.
    """
    with lake.transaction() as connection:
        provide_kinds(connection)
        step(connection, "touched_ids")
        connection.execute(
            "DELETE FROM resource_history WHERE EXISTS (FROM touched_ids"
            " WHERE touched_ids.kind = resource_history.kind AND touched_ids.id = resource_history.id)"
        )
        written = connection.execute(
            f"INSERT INTO resource_history BY NAME {statement_of('resource_history')}"
        ).fetchone()
        connection.execute("UPDATE metadata_files SET in_history = true WHERE NOT in_history")
    return int(written[0]) if written else 0
