"""Dagster's SQLite databases, each made whole or not at all.

Dagster makes tables first and stamps their version last; one that a killed process left between, it takes for one of
an old version, and asks for a migration at every command.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.schedules import SqliteScheduleStorage
from filelock import FileLock

from mlcost_assets.automation.events import OpenEventLog
from mlcost_assets.lake.home import LOCK


def _make_events(folder: str) -> None:
    OpenEventLog(folder).dispose()


_DATABASES: dict[str, Callable[[str], object]] = {
    "history/runs/index.db": _make_events,
    "history/runs.db": SqliteRunStorage.from_local,
    "schedules/schedules.db": SqliteScheduleStorage.from_local,
}


def make_databases(home: Path) -> None:
    """Makes those that `home` lacks, and anew those without a version, which nobody has written to yet."""
    if all(_is_whole(home / name) for name in _DATABASES):
        return
    with FileLock(home / LOCK), TemporaryDirectory(dir=home, prefix="begun-") as aside:
        for name, make in _DATABASES.items():
            if _is_whole(home / name):  # made while this process waited
                continue
            make(str((Path(aside) / name).parent))
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            for log in (f"{name}-wal", f"{name}-shm"):
                (home / log).unlink(missing_ok=True)
            (Path(aside) / name).replace(home / name)


def _is_whole(database: Path) -> bool:
    """Whether its version is stamped. One that is locked or damaged is not ours to judge."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            stamped = "SELECT count(*) FROM alembic_version"
            return "alembic_version" in tables and bool(opened.execute(stamped).fetchone()[0])
    except sqlite3.DatabaseError:
        return True
