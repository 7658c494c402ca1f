"""Writing what was found as files of the landing zone, and what was looked at before.

`<account>/<date>/<service>-<region>-<time>.jsonl.gz` holds records; `snapshots-<region>-<time>.jsonl.gz` beside them
the record of each look: whether it was complete, and how many records it wrote where. A file is written once.
"""

import gzip
import json
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.collect.listing import Found
from mlcost_assets.collect.plain import iso, plain
from mlcost_assets.lake.objects import Store
from mlcost_assets.text import path_part

SNAPSHOT = "mlcost:Snapshot"
_IN_MEMORY = 32 * 1024**2


@dataclass(frozen=True)
class Snapshot:
    """One look at one kind: the body of its `mlcost:Snapshot` record (docs/metadata.md)."""

    kind: str
    account_id: str
    region: str
    scope: str
    complete: bool
    incremental: bool
    started_at: datetime
    finished_at: datetime
    records: int
    file: str
    error: str | None

    @property
    def where(self) -> str:
        """What was looked at, for a person."""
        return " ".join(filter(None, [self.account_id, self.region, self.scope, self.kind]))

    def record(self) -> dict[str, Any]:
        """The record as it lands."""
        id_ = "/".join(filter(None, [self.account_id, self.region, self.scope, self.kind, iso(self.started_at)]))
        return {
            "collected_at": iso(self.finished_at),
            "account_id": self.account_id,
            "region": self.region,
            "kind": SNAPSHOT,
            "id": id_,
            "tags": None,
            "body": plain(asdict(self)),
        }


class LandingFile:
    """One file of records while it is written; it lands whole when closed, and not at all when it is empty."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self.key = key
        self._spooled = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed in land()
        self._packed = gzip.GzipFile(filename="", mode="wb", fileobj=self._spooled, compresslevel=6, mtime=0)
        self._lines = 0

    def add(self, record: dict[str, Any]) -> None:
        """Appends a record."""
        line = json.dumps(record, separators=(",", ":"), ensure_ascii=False, default=str) + "\n"
        # A lone surrogate, which JSON text may escape but UTF-8 cannot hold, becomes a question mark.
        self._packed.write(line.encode("utf-8", errors="replace"))
        self._lines += 1

    def land(self) -> None:
        """Writes the file to the landing zone. Raises StorageError; LakeConflictError if the name is taken."""
        self._packed.close()
        with self._spooled as content:
            if self._lines:
                content.seek(0)
                self._store.write(self.key, content.read(), replaces="")


def as_record(found: Found, kind: str, account_id: str, region: str, at: datetime) -> dict[str, Any]:
    """A record as it lands."""
    return {
        "collected_at": iso(at),
        "account_id": account_id,
        "region": region if found.region is None else found.region,
        "kind": kind,
        "id": found.id,
        "tags": found.tags,
        "body": plain(found.body),
    }


def place_key(folder: str, name: str, region: str, at: datetime) -> str:
    """Where a file lands: <folder>/<date>/<name>-<region>-<time>.jsonl.gz."""
    # To the microsecond: two snapshots of one second must not want the same name.
    parts = "-".join([path_part(part) for part in (name, region) if part] + [f"{at:%H%M%S%f}"])
    return f"{path_part(folder)}/{at:%Y-%m-%d}/{parts}.jsonl.gz"


@dataclass(frozen=True)
class Before:
    """When kinds were last looked at, from the snapshots of the last days."""

    looks: dict[tuple[str, str, str], tuple[datetime | None, datetime | None]]

    def since(self, kind: str, region: str, scope: str, now: datetime, full_every: timedelta) -> datetime | None:
        """From when on changes are to be asked for; None for everything: no complete look, or the full one is old."""
        last, full = self.looks.get((kind, region, scope), (None, None))
        return last if last and full and now - full < full_every else None


def looked_before(store: Store, account_id: str, now: datetime, full_every: timedelta) -> Before:
    """The complete looks at an account since `full_every` before `now`, from its snapshot files."""
    looks: dict[tuple[str, str, str], tuple[datetime | None, datetime | None]] = {}
    for body in _snapshots(store, account_id, now, full_every):
        if body["complete"]:
            key = (body["kind"], body["region"], body["scope"])
            started = datetime.fromisoformat(body["started_at"])
            last, full = looks.get(key, (None, None))
            last = max(last or started, started)
            full = full if body["incremental"] else max(full or started, started)
            looks[key] = (last, full)
    return Before(looks)


def _snapshots(store: Store, account_id: str, now: datetime, full_every: timedelta) -> Iterator[dict[str, Any]]:
    for days in range(full_every.days + 1):
        for entry in store.list(f"{path_part(account_id)}/{now - timedelta(days=days):%Y-%m-%d}/snapshots-"):
            # What cannot be read tells of no look: more is asked for than is needed, never less.
            with suppress(OSError, EOFError, zlib.error, ValueError, LookupError, TypeError):
                for line in gzip.decompress(store.read(entry.key)).splitlines():
                    yield json.loads(line)["body"]
