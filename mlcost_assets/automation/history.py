"""Dagster's history stays small: runs that retention no longer keeps leave it, and its files shrink."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqlEventLogStorage, SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.runs import SqlRunStorage
from dagster._core.storage.runs.schema import RunTagsTable
from sqlalchemy.exc import OperationalError

from mlcost_assets.config import Config

_FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
# A refresh after which a long history is to be forgotten must not take minutes.
_AT_ONCE = 20
_SQLITE = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")
_MOST_FREE = 0.2


def forget_old_runs(config: Config, instance: dg.DagsterInstance) -> int:
    """Deletes finished runs older than `runs_days` and beyond the newest `runs`, oldest first and some at a time.

    Gives how many. The newest successful run of a job stays, however old it is.
    """
    finished = dg.RunsFilter(statuses=_FINISHED)
    too_old = datetime.now(UTC) - timedelta(days=config.retention.runs_days)
    with suppress(OperationalError):  # somebody else is at it; there is a next time
        surplus = instance.get_runs_count(finished) - config.retention.runs
        oldest = instance.get_run_records(finished, limit=_AT_ONCE, ascending=True)
        due = [
            record.dagster_run
            for place, record in enumerate(oldest)
            if place < surplus or record.create_timestamp < too_old
        ]
        stay = {_newest_success(instance, job) for job in {run.job_name for run in due}}
        gone = [run.run_id for run in due if run.run_id not in stay]
        for run in gone:
            instance.delete_run(run)
        if gone:  # to delete nothing would wait for whoever writes, as long as SQLite lets it
            _delete_remains(instance, gone)
        _compact(Path(instance.root_directory))
        return len(gone)
    return 0


def _newest_success(instance: dg.DagsterInstance, job: str) -> str | None:
    succeeded = dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.SUCCESS])
    return next((run.run_id for run in instance.get_runs(succeeded, limit=1)), None)


def _delete_remains(instance: dg.DagsterInstance, runs: Sequence[str]) -> None:
    """What Dagster leaves of runs that it deletes: their tags, the results of their checks, an empty file of each."""
    if isinstance(instance.run_storage, SqlRunStorage):
        with instance.run_storage.connect() as connection:
            connection.execute(RunTagsTable.delete().where(RunTagsTable.c.run_id.in_(runs)))
    events = instance.event_log_storage
    if isinstance(events, SqlEventLogStorage):
        with events.index_connection() as connection:
            results = AssetCheckExecutionsTable
            connection.execute(results.delete().where(results.c.run_id.in_(runs)))
    if isinstance(events, SqliteEventLogStorage):
        for run in runs:
            for end in ("", "-wal", "-shm"):
                Path(f"{events.path_for_shard(run)}{end}").unlink(missing_ok=True)


def _compact(home: Path) -> None:
    for file in (home / name for name in _SQLITE if (home / name).exists()):
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=1)) as connection:
            free, pages = (connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("freelist_count", "page_count"))
            if free > pages * _MOST_FREE:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
