"""Dagster's event log on SQLite with its databases kept open: a refresh writes and reads it a thousand times.

Its own opens, compiles for, and closes a database each time, and the last to close one writes it out and syncs it.
"""

import os
import sqlite3
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

# The shared index, the run under way, and some that somebody looks at.
_KEPT_OPEN = 4
_PATIENCE_SECONDS = 60


class OpenEventLog(SqliteEventLogStorage):
    """As its parent, and readable by it. A power cut may take the newest events along, never the database."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._tables: set[str] = set()
        # Who closes a database last writes it out and removes its log; a process that merely ends leaves that lying.
        weakref.finalize(self, _close_all, self._engines)
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """What dagster.yaml asks for."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            with self._engine(shard).begin() as connection:
                database: Any = connection.connection.dbapi_connection
                before = database.total_changes
                yield connection
                written = database.total_changes != before
            if written:
                # The UI follows a run by changes of this file; SQLite writes to another one first.
                with suppress(FileNotFoundError):  # another process deleted the run
                    os.utime(self.path_for_shard(shard))

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                connect_args={"timeout": _PATIENCE_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _set_up)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > _KEPT_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores what a step made of all its partitions, in their order: Dagster has them in none, and shows on top of
        an asset's page what was stored last."""
        super().store_event_batch(sorted(events, key=_partition))

    def has_table(self, table_name: str) -> bool:
        """Whether the index has the table. Asked before every look at partitions; a table that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Closes what is open."""
        super().dispose()
        _close_all(self._engines)


def _partition(entry: EventLogEntry) -> str:
    return (entry.dagster_event and entry.dagster_event.partition) or ""


def _set_up(opened: sqlite3.Connection, _: object) -> None:
    opened.execute("PRAGMA synchronous = NORMAL")
    opened.execute("PRAGMA wal_autocheckpoint = 250")  # a megabyte is the most that a killed process leaves


def _close_all(engines: OrderedDict[str, Engine]) -> None:
    while engines:
        engines.popitem()[1].dispose()
