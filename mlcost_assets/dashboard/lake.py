"""What pages are answered from: one published version a request, of it the rows that whoever asks may see, and answers
kept while they are asked for again."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

import duckdb

from mlcost_assets.config import Config
from mlcost_assets.dashboard.row_filters import Narrowed, narrow
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import SEARCHED, LakeReader, failed
from mlcost_assets.lake.sql import run

Kept = TypeVar("Kept")

_KEPT_ANSWERS = 2_000  # what twenty readers look at in a quarter of an hour
_KEPT_VERSIONS = 3  # beside the newest; a link of yesterday is followed once and again
_LARGEST = 1_200  # rows of an answer that is kept: the days of a drawn series, and no download


@dataclass(frozen=True)
class Answer:
    """Rows of a SELECT; `types` are DuckDB's, by column."""

    types: Mapping[str, str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Version:
    """One published version: its snapshot (refreshes), a connection to it for one thread, and the kept answers.

    `teams`: whose rows it shows; None for all. Its connection finds no others.
    """

    snapshot: int
    cursor: duckdb.DuckDBPyConnection
    kept: "Answers"
    teams: tuple[str, ...] | None = None

    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection of this request."""
        return self.cursor

    def query(self, statement: str, parameters: dict[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        """Runs a SELECT of this product and gives its result. Raises MlcostError, as the reader tells it."""
        try:
            return run(self.cursor, statement, parameters)
        except duckdb.Error as error:
            raise failed(error) from None

    def ask(self, statement: str, given: Mapping[str, Any] | None = None) -> Answer:
        """The rows of one of our statements. Raises MlcostError, for a version whose data is no longer kept as well."""
        return self.once((statement, repr(sorted((given or {}).items()))), lambda: self._answer(statement, given))

    def once(self, question: Hashable, find: Callable[[], Kept]) -> Kept:
        """What `find` gives, kept as the answer to `question` of this version, for those who see the same teams."""
        return self.kept.once((self.snapshot, self.teams, question), find)

    def _answer(self, statement: str, given: Mapping[str, Any] | None) -> Answer:
        try:
            result = run(self.cursor, statement, given)
            types = {name: str(kind) for name, kind, *_ in result.description or ()}
            return Answer(types, [dict(zip(types, row, strict=True)) for row in result.fetchall()])
        except duckdb.IOException as error:
            raise MlcostError(
                f"Version {self.snapshot} cannot be read any more: {str(error).splitlines()[0]}"
            ) from None
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise failed(error) from None


class Answers:
    """The answers that were asked for last, by version, teams and question; of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._finding: dict[Hashable, threading.Lock] = {}

    def once(self, key: Hashable, find: Callable[[], Kept]) -> Kept:
        """The answer that was kept, else what `find` gives; threads that ask for the same at once wait for the first.

        A new version is asked for the same pages by everybody at once.
        """
        with self._lock:
            finding = self._finding.setdefault(key, threading.Lock())
        with finding:
            found: Kept | None = self._get(key)
            if found is None:
                try:
                    found = find()
                    self._put(key, found)
                finally:
                    with self._lock:
                        self._finding.pop(key, None)
        return found

    def _get(self, key: Hashable) -> Any:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                self._finding.pop(key, None)
            return self._found.get(key)

    def _put(self, key: Hashable, answer: Any) -> None:
        """Keeps an answer, and lets that go which was not asked for the longest time."""
        if isinstance(answer, Answer) and len(answer.rows) > _LARGEST:
            return
        with self._lock:
            self._found[key] = answer
            if len(self._found) > _KEPT_ANSWERS:
                self._found.popitem(last=False)


class Versions:
    """The published versions, for many threads: the newest, and those that links name."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._newest = LakeReader(config, limited=True)
        self._known: tuple[duckdb.DuckDBPyConnection, int] | None = None
        self._older: OrderedDict[int, LakeReader] = OrderedDict()
        self._answers = Answers()
        self._of_thread = threading.local()
        self._narrowing = threading.Lock()

    def at(self, snapshot: int | None, teams: tuple[str, ...] | None = None) -> Version:
        """The version of that `snapshot`, or the newest, with the rows of `teams` or with all. Raises MlcostError where
        there is none, or it is not kept."""
        version = self._whole(snapshot)
        if teams is None:
            version.cursor.execute(SEARCHED)
            return version
        with self._narrowing:
            try:
                narrow(version.cursor, teams)
            except duckdb.Error as error:
                first = str(error).splitlines()[0]
                raise MlcostError(f"Version {version.snapshot} cannot be narrowed to some teams: {first}") from None
        return replace(version, cursor=cast("duckdb.DuckDBPyConnection", Narrowed(version.cursor)), teams=teams)

    def _whole(self, snapshot: int | None) -> Version:
        with self._lock:
            connection = self._newest.connection()
            if not self._known or self._known[0] is not connection:
                found = connection.execute("SELECT max(snapshot) FROM refreshes").fetchone()
                self._known = (connection, found[0] if found else 0)
            newest = self._known[1]
            if snapshot in (None, newest):
                return Version(newest, self._cursor(newest, self._newest), self._answers)
            return Version(snapshot or 0, self._cursor(snapshot or 0, self._reader(snapshot or 0)), self._answers)

    def _cursor(self, snapshot: int, reader: LakeReader) -> duckdb.DuckDBPyConnection:
        """This thread's own connection to a version; it has one at a time, for as long as it is asked for that one."""
        known: tuple[int, LakeReader, duckdb.DuckDBPyConnection] | None = getattr(self._of_thread, "known", None)
        if known is None or known[:2] != (snapshot, reader):
            known = (snapshot, reader, reader.cursor())
            self._of_thread.known = known
        return known[2]

    def _reader(self, snapshot: int) -> LakeReader:
        known = self._newest.query("SELECT count(*) FROM refreshes WHERE snapshot = $one", {"one": snapshot}).fetchone()
        if known == (0,):
            raise MlcostError(f"No refresh has published version {snapshot}.")
        if snapshot not in self._older:
            reader = LakeReader(self._config, limited=True, snapshot=snapshot)
            try:
                reader.connection()
            except MlcostError:
                raise MlcostError(f"Version {snapshot} is no longer kept; the newest one has other cents.") from None
            self._older[snapshot] = reader
            if len(self._older) > _KEPT_VERSIONS:
                self._older.popitem(last=False)[1].close()
        self._older.move_to_end(snapshot)
        return self._older[snapshot]

    def close(self) -> None:
        """Ends all connections."""
        for reader in (self._newest, *self._older.values()):
            reader.close()
