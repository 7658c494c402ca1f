"""The metadata landing zone: what collectors would have seen of the world, day by day."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mlcost_assets.demo.chance import stream
from mlcost_assets.demo.clock import DAY, HOUR, Window, iso
from mlcost_assets.demo.world.tagging import NO_TAGS, Tags

Body = dict[str, Any]
SNAPSHOT_AT = 6 * HOUR
WEEK = 7

# What comes and goes within days is written in every snapshot, the rest once a week and when it has changed.
DAILY = {
    "ec2:DescribeInstances",
    "k8s:Node",
    "k8s:Pod",
    "sagemaker:DescribeApp",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeInferenceComponent",
}


@dataclass(frozen=True)
class Gaps:
    """What is missing from the landing zone, as it is in real life."""

    denied_services: frozenset[str] = frozenset()
    missing_accounts: int = 0
    missing_days: int = 0
    first_snapshot_day: int = 0


NO_GAPS = Gaps()


@dataclass
class Record:
    """A resource as an API would show it, from its beginning to its end."""

    kind: str
    id: str
    account_id: str
    region: str
    versions: list[tuple[datetime, Body]]
    gone: datetime | None = None
    # Jobs stay listed after their end; a resource that was deleted does not.
    listed_for_ever: bool = False
    # A fact of one moment (a deployment, a day's metrics): written once, when it happened.
    is_event: bool = False
    tags: Tags | None = field(default_factory=lambda: NO_TAGS)
    collector: str = "aws"

    @property
    def key(self) -> str:
        """Name the record for clues."""
        return f"{self.kind} {self.id}"

    @property
    def service(self) -> str:
        """Give the service part of the kind."""
        return self.kind.split(":", maxsplit=1)[0]


class Landing:
    """Collects records and writes them as daily snapshots."""

    def __init__(self) -> None:
        self._records: list[Record] = []

    def add(self, record: Record) -> str:
        """Add a record and give its key; a name that is used again is a second record with the same key."""
        self._records.append(record)
        return record.key

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def write(self, folder: Path, window: Window, gaps: Gaps, seed: int, accounts: list[str]) -> set[str]:
        """Write the landing zone and give the keys of all records that are in it."""
        view = _View(window, gaps, seed, accounts)
        files: dict[Path, list[str]] = {}
        seen = set()
        for record in self:
            for moment, body, tags in view.sightings(record):
                seen.add(record.key)
                files.setdefault(folder / _file(record, moment), []).append(_line(record, moment, body, tags))
        for path, lines in sorted(files.items()):
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "".join(sorted(lines)).encode()
            with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                packed.write(text)
        return seen


def _file(record: Record, moment: datetime) -> Path:
    place = record.account_id if record.collector == "aws" else record.collector
    return Path(place) / moment.strftime("%Y-%m-%d") / f"{record.service}.jsonl.gz"


def _line(record: Record, moment: datetime, body: Body, tags: dict[str, str] | None) -> str:
    return (
        json.dumps(
            {
                "collected_at": iso(moment),
                "account_id": record.account_id,
                "region": record.region,
                "kind": record.kind,
                "id": record.id,
                "tags": tags,
                "body": body,
            },
            separators=(",", ":"),
        )
        + "\n"
    )


class _View:
    """What the collectors could see, gaps considered."""

    def __init__(self, window: Window, gaps: Gaps, seed: int, accounts: list[str]):
        chance = stream(seed, "gaps")
        shuffled = sorted(accounts)
        chance.shuffle(shuffled)
        self._missing = frozenset(shuffled[: gaps.missing_accounts])
        # Whoever may not see EKS clusters has no way to their API servers either.
        self._denied = gaps.denied_services | ({"k8s"} if "eks" in gaps.denied_services else frozenset())
        first = window.start + timedelta(days=gaps.first_snapshot_day) + SNAPSHOT_AT
        days = (window.end - window.start).days
        hole = window.start + timedelta(days=chance.randrange(5, max(6, days - gaps.missing_days - 5)))
        self._hole = (hole, hole + timedelta(days=gaps.missing_days))
        everything = [window.start + SNAPSHOT_AT + n * DAY for n in range(days + 1)]
        self._days = [day for day in everything if day >= first and not self._in_hole(day)]
        self._weekly = frozenset(day for day in self._days if (day - everything[0]).days % WEEK == 0)
        self._forgets_old = gaps.first_snapshot_day > 0
        self._window = window

    def _in_hole(self, day: datetime) -> bool:
        return self._hole[0] <= day < self._hole[1]

    def sightings(self, record: Record) -> Iterable[tuple[datetime, Body, dict[str, str] | None]]:
        """List what the snapshots say about a record."""
        if record.collector == "aws" and (record.account_id in self._missing or record.service in self._denied):
            return []
        if record.collector != "aws" and record.service in self._denied:
            return []
        return self._event(record) if record.is_event else self._history(record)

    def _event(self, record: Record) -> Iterator[tuple[datetime, Body, dict[str, str] | None]]:
        moment, body = record.versions[0]
        tags = record.tags.on(moment) if record.tags else None
        if record.collector != "aws":
            yield moment, body, tags
            return
        day = moment.replace(hour=0, minute=0, second=0) + SNAPSHOT_AT
        day += DAY if day <= moment else timedelta(0)
        if day in self._days:
            yield day, body, tags

    def _history(self, record: Record) -> Iterator[tuple[datetime, Body, dict[str, str] | None]]:
        gone = record.gone or self._window.end + WEEK * DAY
        if self._forgets_old and record.listed_for_ever and gone < self._days[0]:
            return
        ends = self._window.end + WEEK * DAY if record.listed_for_ever else gone
        changes = sorted({moment for moment, _ in record.versions} | set(record.tags.changes() if record.tags else ()))
        start = record.versions[0][0]
        changes = [moment for moment in changes if moment >= start]
        for begin, end in zip(changes, [*changes[1:], ends], strict=True):
            body = next(body for moment, body in reversed(record.versions) if moment <= begin)
            tags = record.tags.on(begin) if record.tags else None
            is_first = True
            for day in self._between(begin, min(end, ends)):
                again = day in self._weekly or record.kind in DAILY
                if is_first or (again and not record.listed_for_ever):
                    yield day, body, tags
                is_first = False

    def _between(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        for day in self._days:
            if begin <= day < end:
                yield day
            elif day >= end:
                return
