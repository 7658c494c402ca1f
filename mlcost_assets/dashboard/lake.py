"""What pages are answered from: one published version a request, of it the rows that whoever asks may see, and answers
kept while they are asked for again."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeVar

import duckdb

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import failed
from mlcost_assets.lake.sql import run

Kept = TypeVar("Kept")

_LASTING = 900  # seconds for which what was asked is asked again of a new version
_KEPT_QUESTIONS = 1_000  # what twenty readers look at in that time
_KEPT_ANSWERS = 2 * _KEPT_QUESTIONS  # of the version that is served, and of the one that is made ready to follow it
_KEPT_ROWS = 200_000  # of all of them; some 200 MB
_LARGEST = 1_200  # rows of an answer that is kept: the days of a drawn series, and no download


@dataclass(frozen=True)
class Answer:
    """Rows of a SELECT; `types` are DuckDB's, by column."""

    types: Mapping[str, str]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Version:
    """One published version: its snapshot (refreshes), a connection to it for one thread, and the kept answers.

    `teams`: whose rows it shows; None for all. Its connection finds no others. `questions` is where those are noted
    that people ask of it.
    """

    snapshot: int
    cursor: duckdb.DuckDBPyConnection
    kept: "Answers"
    teams: tuple[str, ...] | None = None
    questions: "Questions | None" = None

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
        question = (statement, repr(sorted((given or {}).items())))
        return self.once(question, lambda version: version._answer(statement, given))

    def once(self, question: Hashable, find: Callable[["Version"], Kept]) -> Kept:
        """What `find` gives, kept as the answer to `question` of this version, for those who see the same teams.

        The next version may be asked the same: `find` reads the version that it is given, and holds no other.
        """
        found = self.kept.once((self.snapshot, self.teams, question), partial(find, self))
        if self.questions and _rows(found) <= _LARGEST:
            self.questions.note(Question(self.teams, question, find))
        return found

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


def _rows(found: object) -> int:
    """How many rows an answer has, as far as it is one of rows."""
    return len(found.rows) if isinstance(found, Answer) else 100


class Question(NamedTuple):
    """What somebody asked who sees `teams`, and how it is found in a version."""

    teams: tuple[str, ...] | None
    question: Hashable
    find: Callable[[Version], object]


class Questions:
    """What people asked last; of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: OrderedDict[Hashable, tuple[float, Question]] = OrderedDict()

    def note(self, question: Question) -> None:
        """Keeps a question, and lets that go which was not asked for the longest time."""
        with self._lock:
            key = question[:2]
            self._asked[key] = (time.monotonic(), question)
            self._asked.move_to_end(key)
            if len(self._asked) > _KEPT_QUESTIONS:
                self._asked.popitem(last=False)

    def lately(self) -> list[Question]:
        """What was asked in the last minutes, the newest first."""
        with self._lock:
            since = time.monotonic() - _LASTING
            return [question for at, question in reversed(self._asked.values()) if at > since]


class Answers:
    """The answers that were asked for last, by version, teams and question; of several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._held = 0  # rows
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
        """Keeps an answer, and lets those go which were not asked for the longest time."""
        if _rows(answer) > _LARGEST:
            return
        with self._lock:
            self._found[key] = answer
            self._held += _rows(answer)
            while len(self._found) > _KEPT_ANSWERS or self._held > _KEPT_ROWS:
                self._held -= _rows(self._found.popitem(last=False)[1])
