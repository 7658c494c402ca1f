"""Seeded stories of an installation: deliveries, restatements, broken drops, records, refreshes that are killed, run out
of disk or meet another, files of the lake lost or scribbled over, repairs, and readers all the while.

What must hold whatever happens is checked after every event:
  - every answer that a reader got equals a version that was legal: the one before or the one that the event makes;
  - after a clean refresh all totals equal the exports';
  - nothing outside of home and lake changes, and no file of a dead process stays in the lake.

`python -m mlcost_assets_tests.faults.simulator 0 10000` runs the stories of these seeds; one that fails names its own.
"""

import hashlib
import random
import shutil
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.config import Config
from mlcost_assets.lake.stores import open_store
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.faults.processes import EXPORTS, Answer, Due, Process, answer, refresh, warm_up
from mlcost_assets_tests.world import World, record

_PERIODS = ("2026-08", "2026-09", "2026-10")
# More than the 6,800 calls into C of a refresh that reads no drops, so that some die late and some not at all.
_CALLS = 8000


class BrokenError(AssertionError):
    """An invariant does not hold; the message names the seed and all that happened."""


class Story:
    """One installation in `folder`, and what happens to it by `seed`."""

    def __init__(self, seed: int, folder: Path, empty: World, *, lake: str = "") -> None:
        self.chance = random.Random(seed)
        self.seed, self.told = seed, [f"seed {seed}"]
        grace = self.chance.choice((0, 24))
        kept = f"retention: {{versions: {self.chance.choice((1, 3, 50))}, grace_hours: {grace}}}\n"
        self.world = World(folder / "installation", exports=EXPORTS)
        self.world.configure(kept, lake=lake)
        if not lake and self.chance.random() < 0.8:  # else its first refresh makes the tables, and may die of it
            shutil.copytree(empty.config.home, self.world.folder / ".mlcost")
        self.config: Config = self.world.config
        self.bystander = folder / "installation" / "work"  # beside home, with a name that was ours once
        self.bystander.mkdir()
        (self.bystander / "thesis.parquet").write_text("years of work")
        self.due: Due = {}
        # Reading drops costs most of the time; in most stories it is left to the others.
        self.reads_drops = seed % 10 == 0
        self.loaded: Due = {}  # what of all that was delivered a reader has seen
        self.records: dict[str, int] = {}
        self.waiting: set[tuple[str, str]] = set()
        self.published: list[Answer] = []
        self.versions: list[list[Answer]] = [[]]
        self.deliveries = 0
        self.damaged = False

    def run(self, events: int) -> None:
        """What happens, one thing after another, and a clean end."""
        happens = (self.deliver, self.deliver, self.deliver_broken, self.land, self.refresh, self.refresh, self.refresh, self.damage)  # fmt: skip
        for _ in range(events):
            self.chance.choice(happens)()
        self.deliver_what_waits()
        if self.damaged:
            self.expect_whole(self.refreshing(mending=True).ended())
            self.damaged = False
        for _ in range(2):
            before = self.outside()
            self.expect_whole(self.refreshing().ended())
            self.see(legal=[self.whole()])
            self.expect(before == self.outside(), "something outside of home and lake changed")
        self.expect_tidy()

    # What happens

    def deliver(self) -> None:
        """A month is delivered or restated."""
        export, period = self.chance.choice(EXPORTS), self.chance.choice(_PERIODS)
        self.deliver_whole(export, period)

    def deliver_whole(self, export: str, period: str) -> None:
        rows = self.chance.choice((1, 5, 40))
        cost = self.chance.randrange(1, 1000)
        self.write(export, period, rows, cost)
        self.due[export, period] = (rows, cost)
        self.waiting.discard((export, period))
        self.told.append(f"{export} delivers {rows * cost} for {period}")

    def deliver_broken(self) -> None:
        """A delivery of which a file is missing, cut off or none at all: the good month before it stays."""
        if not self.reads_drops:
            return
        export, period = self.chance.choice(EXPORTS), self.chance.choice(_PERIODS)
        self.write(export, period, 5, 77)
        if (export, period) in self.loaded:
            self.due[export, period] = self.loaded[export, period]
        else:  # the good one, if any, went before anybody read it
            self.due.pop((export, period), None)
        data = sorted((self.world.root(export) / "data" / f"BILLING_PERIOD={period}").iterdir())[0]
        how = self.chance.choice(("missing", "cut", "nonsense"))
        if how == "missing":
            data.unlink()
        else:
            data.write_bytes(data.read_bytes()[:-50] if how == "cut" else b"nonsense")
        self.waiting.add((export, period))
        self.told.append(f"{export} delivers {period} with a file {how}")

    def deliver_what_waits(self) -> None:
        for export, period in sorted(self.waiting):
            self.deliver_whole(export, period)

    def write(self, export: str, period: str, rows: int, cost: int) -> None:
        if not self.reads_drops:
            return
        self.deliveries += 1
        payer = f"{EXPORTS.index(export) + 1:012}"
        bill = [charge(cost=float(cost), at=f"{period}-05T00:00:00", bill_payer_account_id=payer) for _ in range(rows)]
        how: dict[str, Any] = {
            "export": export,
            "period": period,
            "execution": f"delivery-{self.deliveries}",
            "kind": self.chance.choice(("csv", "parquet")),
        }
        shutil.rmtree(self.world.root(export) / "data" / f"BILLING_PERIOD={period}", ignore_errors=True)
        self.expect("result" in Process(lambda: str(self.world.bill(bill, **how))).ended(), "a bill was not written")

    def land(self) -> None:
        """Records land, some of them malformed."""
        if not self.reads_drops:
            return
        self.deliveries += 1
        file, lines = f"records-{self.deliveries}.jsonl", self.chance.choice((1, 30))
        self.world.land(*(record("s3:ListBuckets", f"b{n}", {"n": self.deliveries}) for n in range(lines)), file=file)
        if self.chance.random() < 0.3:
            with (self.world.metadata / file).open("a") as landed:
                landed.write('{"kind": broken\n')
        self.records[file] = lines
        self.told.append(f"{lines} records land")

    def refresh(self) -> None:
        """A refresh, and with it what may go wrong."""
        fault = self.fault()
        mending = self.damaged
        self.told.append(f"{'repair' if mending else 'refresh'} {fault or ''}")
        before, outside = self.published, self.outside()
        first = self.refreshing(mending=mending, **fault)
        others = []
        if self.chance.random() < 0.2:
            self.told.append("  and another at the same time")
            others.append(self.refreshing(mending=mending))
        readers = [Process(lambda: answer(self.config)) for _ in range(self.chance.randrange(3))]
        ends = [process.ended() for process in (first, *others)]
        answers = [reader.ended() for reader in readers]
        self.end_of_fault()
        for answered in answers:
            self.expect_legal(answered, [before, self.whole(), *self.versions], concurrent=True)
        for end in ends:
            self.expect("broken" not in end, end.get("broken", ""))
            self.told.append(f"  {str(end)[:300]}")
        if any("result" in end for end in ends):
            fault = {}
            self.damaged = False
            self.see(legal=[self.whole()])
        else:
            self.expect(bool(fault), f"a refresh without a fault failed: {ends}")
            self.see(legal=[before, self.whole()])
        if self.published == self.whole():
            self.loaded = dict(self.due)
        self.expect(outside == self.outside(), "something outside of home and lake changed")

    def fault(self) -> dict[str, int]:
        """What is to go wrong in a refresh, as Process takes it; nothing in some."""
        kind = self.chance.random()
        if kind < 0.5:
            return {"dies_at": int(self.chance.random() ** 2 * _CALLS) + 1}
        return {"largest_file": self.chance.randrange(0, 700_000)} if kind < 0.65 else {}

    def end_of_fault(self) -> None:
        """What surrounds the processes works again."""

    def refreshing(self, *, mending: bool = False, **fault: int) -> Process:
        due = None if self.reads_drops else dict(self.due)
        return Process(lambda: refresh(self.config, mending=mending, due=due), **fault)

    def damage(self) -> None:
        """A file of the lake is lost or scribbled over."""
        store = open_store(self.config.lake)
        keys = [
            one.key for one in store.list() if one.key.endswith((".parquet", ".ducklake")) and "damaged" not in one.key
        ]
        if not keys or self.chance.random() < 0.5:
            return
        key = self.chance.choice(keys)
        content = store.read(key)
        store.delete(key)
        if self.chance.random() < 0.5:
            store.write(key, content[: len(content) // 2])
        self.told.append(f"{key} is lost or scribbled over")
        self.damaged = True

    # What must hold

    def whole(self) -> list[Answer]:
        """What a clean refresh makes of all that was delivered."""
        months: dict[str, Decimal] = {}
        for (_, period), (rows, cost) in self.due.items():
            months[period] = months.get(period, Decimal(0)) + rows * cost
        records = sum(self.records.values())
        return [{"billing_period": m, "billed": c, "daily": c, "records": records} for m, c in sorted(months.items())]

    def see(self, legal: list[list[Answer]]) -> None:
        """A reader looks; what it is told is the published version from now on."""
        seen = self.expect_legal(Process(lambda: answer(self.config)).ended(), legal)
        if seen is not None:
            self.published = seen
            self.versions.append(seen)

    def expect_legal(
        self, end: dict[str, Any], legal: list[list[Answer]], *, concurrent: bool = False
    ) -> list[Answer] | None:
        if "result" not in end:
            self.expect(self.damaged or (concurrent and self.excuses(end)), f"a reader failed: {end}")
            return None
        seen = [{**row, "billed": Decimal(row["billed"]), "daily": Decimal(row["daily"] or 0)} for row in end["result"]]
        # A spare that was brought back is a version of before, legal until the next clean refresh.
        legal = [*legal, *self.versions] if self.damaged else legal
        self.expect(seen in legal, f"a reader was told {seen}; legal were {legal}")
        return seen

    def excuses(self, end: dict[str, Any]) -> bool:
        """Whether a reader may fail so while refreshes run: without a grace, the files of its version may go."""
        return "No such file" in str(end)

    def expect_whole(self, end: dict[str, Any]) -> None:
        self.expect("result" in end, f"a clean refresh failed: {end}")

    def expect_tidy(self) -> None:
        lake = Path(self.config.lake)
        self.expect(len(list((lake / "runs").glob("*"))) <= 1, "journals of dead writers stay")
        left = {file.name for file in (*self.config.home.glob("mlcost-work/*"), *lake.rglob(".*.writing"))}
        left -= {".made-by-mlcost"}
        self.expect(not left, f"temporary files stay: {left}")

    def outside(self) -> str:
        """Tells one content of everything that is not the platform's from another."""
        digest = hashlib.sha256()
        for file in sorted(self.world.folder.rglob("*")):
            if file.is_file() and ".mlcost" not in file.parts:
                digest.update(f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}".encode())
        return digest.hexdigest()

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise BrokenError("\n".join([*self.told, otherwise]))


def run_story(seed: int, empty: World, *, events: int = 7) -> None:
    """Runs the story of `seed` in a temporary folder, from the installation `empty`. Raises BrokenError."""
    folder = Path(tempfile.mkdtemp(prefix="mlcost-story-"))
    try:
        Story(seed, folder, empty).run(events)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(first: int, count: int) -> int:
    """Runs `count` stories from seed `first`; gives how many of them broke an invariant."""
    empty = warm_up(Path(tempfile.mkdtemp(prefix="mlcost-story-")), pytest.MonkeyPatch())
    broken = 0
    began = time.monotonic()
    for seed in range(first, first + count):
        try:
            run_story(seed, empty)
        except BrokenError as error:
            broken += 1
            print(f"{error}\n", flush=True)
        if (seed + 1 - first) % 50 == 0:
            print(f"{seed + 1 - first} stories, {broken} broken, {time.monotonic() - began:.0f} s", flush=True)
    return broken


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])) > 0)
