"""When each writer wrote: what tells a file that a killed run left from one that is none of ours.

A data file's name holds the moment at which it was made (UUID version 7), and `runs/<id>.json` in the lake when a
writer began and ended. A file that no version names and that was made while a writer wrote is that writer's leftover.
"""

import json
import re
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlcost_assets.lake.objects import Store

_FOLDER = "runs/"
# data/<schema>/<table>/[<partition>=<value>/]ducklake-<uuid>[-delete].parquet
_DATA_FILE = re.compile(
    r"data/(?:main|internal)/(?P<table>\w+)/(?:\w+=[^/]*/)*ducklake-(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
    r"(?:-delete)?\.parquet"
)
# A writer elsewhere of which nothing was heard for so long is gone.
_LOST_AFTER = 24 * 3600.0


@dataclass(frozen=True)
class Writing:
    """One writer's time, in seconds since 1970; `ended` is None while it writes, or since it was killed."""

    key: str
    began: float
    ended: float | None

    def is_over(self, *, alone: bool, now: float) -> bool:
        """Whether it writes no more; `alone`: its lock was free, so that there is no other writer."""
        return alone or self.ended is not None or now - self.began > _LOST_AFTER

    def spans(self, moment: float) -> bool:
        """Whether it was writing at `moment`."""
        return self.began <= moment <= (self.ended or float("inf"))


def begin(store: Store) -> Writing:
    """Enters that a writer begins. Raises StorageError."""
    # Names tell milliseconds, and may have been made in the same one.
    return _entered(store, Writing(f"{_FOLDER}{uuid.uuid4()}.json", time.time() - 1, None))


def end(store: Store, writing: Writing) -> None:
    """Enters that a writer ended without publication: what it wrote is left over. Raises StorageError."""
    _entered(store, Writing(writing.key, writing.began, time.time() + 1))


def _entered(store: Store, writing: Writing) -> Writing:
    store.write(writing.key, json.dumps({"began": writing.began, "ended": writing.ended}).encode())
    return writing


def writings(store: Store) -> Iterator[Writing]:
    """Every writer that has not cleaned up behind itself. Raises StorageError."""
    for entry in store.list(_FOLDER):
        try:
            content = json.loads(store.read(entry.key))
            yield Writing(entry.key, float(content["began"]), content["ended"] and float(content["ended"]))
        except (ValueError, LookupError, TypeError):  # its writer was killed in the middle of it, and wrote nothing yet
            moment = entry.modified.timestamp()
            yield Writing(entry.key, moment, moment)


def leftovers(
    keys: Iterable[str], named: set[str], own: Writing, others: Iterable[Writing], *, alone: bool
) -> tuple[list[str], list[Writing]]:
    """Those of the lake's `keys` that no catalog has `named` and that `own` or a writer that is over left behind; and
    these writers. What a writer that may still write could have made is no leftover."""
    now = time.time()
    over = [own, *(other for other in others if other.key != own.key and other.is_over(alone=alone, now=now))]
    ended = {writing.key for writing in over}
    writing = [other for other in others if other.key not in ended]
    found = [
        key
        for key in keys
        if key not in named
        and (moment := made_at(key)) is not None
        and any(one.spans(moment) for one in over)
        and not any(one.spans(moment) for one in writing)
    ]
    return found, over


def made_at(key: str) -> float | None:
    """When the data file at `key` was made, in seconds since 1970; None for what is not named as ours."""
    found = _DATA_FILE.fullmatch(key)
    name = uuid.UUID(found["uuid"]) if found else None
    return (name.int >> 80) / 1000 if name and name.version == 7 else None
