"""The published versions, for many threads: the one that is served, and those that links name.

When another one is published, what people asked last is asked of it while the one before is still served. So nobody
waits for pages that are cold, and no page mixes two versions.
"""

import threading
import time
from collections import OrderedDict
from contextlib import suppress
from typing import NamedTuple, cast

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.dashboard.lake import Answers, Questions, Version
from mlcost_assets.dashboard.row_filters import Narrowed, narrow
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import SEARCHED, LakeReader, another, share_macros

_KEPT = 3  # beside the newest; a link of yesterday is followed once and again
_LONGEST = 60  # seconds for which a version is made ready while the one before is served
_MOMENT = 0.5  # seconds for which whoever finds a new version waits for it: enough where few have asked anything


class _Opened(NamedTuple):
    snapshot: int
    connection: duckdb.DuckDBPyConnection


class Versions:
    """The version that is served, the one that is made ready to follow it, and older ones that links name."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._newest = LakeReader(config, limited=True)
        self._served: _Opened | None = None
        self._following = threading.Lock()  # held while a newer version is looked for or made ready
        self._ahead: _Opened | None = None
        self._closed = threading.Event()
        self._older: OrderedDict[int, tuple[LakeReader, duckdb.DuckDBPyConnection]] = OrderedDict()
        self._answers = Answers()
        self._questions = Questions()
        self._of_thread = threading.local()
        self._narrowing = threading.Lock()

    def at(self, snapshot: int | None, teams: tuple[str, ...] | None = None) -> Version:
        """The version of that `snapshot`, or the newest, with the rows of `teams` or with all. Raises MlcostError where
        there is none, or it is not kept."""
        served = self._current()
        if snapshot is None:
            return self._shown(served, teams, self._questions)
        known = next((one for one in (served, self._ahead) if one and one.snapshot == snapshot), None)
        return self._shown(known or self._named(snapshot, served), teams, self._questions)

    def close(self) -> None:
        """Ends all connections."""
        self._closed.set()
        self._following.acquire(timeout=5)  # what makes a version ready ends with the question that it asks
        for reader in (self._newest, *(one for one, _ in self._older.values())):
            reader.close()

    def _current(self) -> _Opened:
        """The version that is served. Whoever finds a newer one lets it be made ready, and waits a moment for that."""
        if self._served is None:
            with self._lock:
                self._served = self._served or self._open()
        elif self._following.acquire(blocking=False):
            ready = None
            try:
                if self._newest.is_behind():
                    self._ahead = self._open()
                    ready = threading.Thread(target=self._follow, args=(self._ahead,), daemon=True)
                    ready.start()
            finally:
                if not ready:
                    self._following.release()
            if ready:
                ready.join(_MOMENT)
        return self._served

    def _open(self) -> _Opened:
        connection = self._newest.connection()
        share_macros(connection)
        found = connection.execute("SELECT max(snapshot) FROM refreshes").fetchone()
        return _Opened((found and found[0]) or 0, connection)

    def _follow(self, ahead: _Opened) -> None:
        """Asks a new version what people asked last, and serves it then; what it cannot answer it tells who asks."""
        until = time.monotonic() + _LONGEST
        try:
            for one in self._questions.lately():
                if self._closed.is_set() or time.monotonic() > until:
                    break
                with suppress(MlcostError, duckdb.Error):
                    self._shown(ahead, one.teams).once(one.question, one.find)
        finally:
            self._served, self._ahead = ahead, None
            self._following.release()

    def _shown(self, opened: _Opened, teams: tuple[str, ...] | None, questions: Questions | None = None) -> Version:
        """A version for this thread, as those see it who see `teams`."""
        cursor = self._cursor(opened.connection)
        if teams is None:
            cursor.execute(SEARCHED)
            return Version(opened.snapshot, cursor, self._answers, questions=questions)
        with self._narrowing:
            try:
                narrow(cursor, teams)
            except duckdb.Error as error:
                first = str(error).splitlines()[0]
                raise MlcostError(f"Version {opened.snapshot} cannot be narrowed to some teams: {first}") from None
        guarded = cast("duckdb.DuckDBPyConnection", Narrowed(cursor))
        return Version(opened.snapshot, guarded, self._answers, teams, questions)

    def _cursor(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """This thread's own connection to a version; it has one at a time, for as long as it is asked for that one."""
        known: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection] | None = getattr(
            self._of_thread, "known", None
        )
        if known is None or known[0] is not connection:
            known = (connection, another(connection))
            self._of_thread.known = known
        return known[1]

    def _named(self, snapshot: int, served: _Opened) -> _Opened:
        """A version that a link names."""
        asked = "SELECT count(*) FROM refreshes WHERE snapshot = $one"
        if self._shown(served, None).query(asked, {"one": snapshot}).fetchone() == (0,):
            raise MlcostError(f"No refresh has published version {snapshot}.")
        with self._lock:
            reader, before = self._older.get(snapshot) or (
                LakeReader(self._config, limited=True, snapshot=snapshot),
                None,
            )
            try:
                connection = reader.connection()
            except MlcostError:
                raise MlcostError(f"Version {snapshot} is no longer kept; the newest one has other cents.") from None
            if connection is not before:
                share_macros(connection)
            self._older[snapshot] = reader, connection
            self._older.move_to_end(snapshot)
            if len(self._older) > _KEPT:
                self._older.popitem(last=False)[1][0].close()
            return _Opened(snapshot, connection)
