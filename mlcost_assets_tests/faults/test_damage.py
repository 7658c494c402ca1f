"""Whatever happens to a file, no refresh stops: its drop is refused by name, its lines are set aside, or it is read right.

Every damage is made of its seed, which a failure names. MLCOST_DAMAGES says how many there are (2,000 otherwise).
"""

import gzip
import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import PAYER, charge, write_export
from mlcost_assets_tests.faults.damage import BYTES, IN_GZIP, IN_ZIP, Damage, rewritten, zipped
from mlcost_assets_tests.metadata.conftest import Landing, MemoryLake
from mlcost_assets_tests.world import World, arn, record

DAMAGES = int(os.environ.get("MLCOST_DAMAGES", "2000"))
SECRET = "hidden words "
COSTS = [Decimal("1.5"), Decimal("2.25"), Decimal("4.125")]
TOTAL = sum(COSTS, Decimal(0))
COLUMNS = [
    "identity_line_item_id", "bill_payer_account_id", "bill_billing_period_start_date", "line_item_usage_account_id",
    "line_item_line_item_type", "line_item_usage_start_date", "line_item_unblended_cost", "line_item_currency_code",
    "line_item_product_code", "line_item_resource_id", "line_item_line_item_description", "resource_tags",
]  # fmt: skip
MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)]


@dataclass(frozen=True)
class Kind:
    """A kind of file that a drop has, what may happen to it, and what of it can still be told from what was written.

    `exact` is where a checksum tells every damage, `counted` where the number of rows stands somewhere else, too.
    """

    suffix: str
    damages: tuple[Damage, ...]
    share: float
    exact: bool = False
    counted: bool = False


KINDS = {
    "parquet": Kind("snappy.parquet", BYTES, 0.3, counted=True),
    "plain CSV": Kind("csv", BYTES, 0.02),
    "gzip": Kind("csv.gz", BYTES, 0.1, exact=True),
    "in gzip": Kind("csv.gz", (IN_GZIP,), 0.02),
    "zip": Kind("csv.zip", BYTES, 0.06, exact=True),
    "in zip": Kind("csv.zip", (IN_ZIP,), 0.01),
    "manifest": Kind("Manifest.json", (*BYTES, rewritten, rewritten, rewritten), 0.1),
}


def bill(root: Path, month: str, suffix: str, mark: str = "") -> Path:
    """Delivers the month with files of that kind, undamaged; gives the file that is to be damaged. The same content
    once more is no delivery: `mark` makes it another."""
    rows = [
        charge(cost=float(cost), at=f"{month}-05T00:00:00", line_item_line_item_description=SECRET * 90 + mark,
               resource_tags={"user_team": "risk"}, bill_payer_account_id=PAYER if root.name == "payer" else "9" * 12)
        for cost in COSTS
    ]  # fmt: skip
    shutil.rmtree(root / "data" / f"BILLING_PERIOD={month}", ignore_errors=True)
    kind = "csv" if "csv" in suffix else "parquet"
    manifest = write_export(root, rows, period=month, kind=kind, chunks=2 if kind == "csv" else 1, columns=COLUMNS)
    first, *others = sorted((root / "data" / f"BILLING_PERIOD={month}").iterdir())
    for file in (first, *others) if kind == "csv" else ():
        text = gzip.decompress(file.read_bytes())
        packed = {"csv": text, "csv.gz": file.read_bytes(), "csv.zip": zipped(text)}[suffix]
        file.unlink()
        file.with_name(file.name.removesuffix(".csv.gz") + f".{suffix}").write_bytes(packed)
    if kind == "csv":
        manifest.write_text(manifest.read_text().replace(".csv.gz", f".{suffix}"))
    return manifest if suffix == "Manifest.json" else min((root / "data" / f"BILLING_PERIOD={month}").iterdir())


class Fuzzed:
    """One writer for many drops: two years of an export that is damaged, and a good export beside it."""

    def __init__(self, world: World, lake: LakeWriter) -> None:
        self.ingested = Ingested(world, lake)
        self.world = world
        self.totals = dict.fromkeys(MONTHS, Decimal(0))

    def damage(self, name: str, seeds: range) -> None:
        """Delivers a damaged drop a month, and a good one of the export beside it; then a good one again."""
        kind = KINDS[name]
        for month, seed in zip(MONTHS, seeds, strict=False):
            file = bill(self.world.root(), month, kind.suffix)
            chance = random.Random(f"{name} {seed}")
            file.write_bytes(chance.choice(kind.damages)(chance, file.read_bytes()))
        beside = random.Random(f"{name} {seeds}").choice(MONTHS)
        bill(self.world.root("beside"), beside, "snappy.parquet", f"{name} {seeds}")
        outcomes = {(one.export, one.period): one for one in self.ingested.load()}
        assert outcomes.pop(("beside", beside)).state == "loaded", (name, seeds)
        held = self.held()
        for month, seed in zip(MONTHS, seeds, strict=False):
            self.judge(kind, outcomes["payer", month], held[month], f"{name} {seed}")
        self.no_words_too_many(f"{name} {seeds}")
        bill(self.world.root(), beside, kind.suffix, f"{name} {seeds}")
        (mended,) = self.ingested.load()
        assert (mended.state, mended.billed_cost) == ("loaded", TOTAL), (name, seeds)
        self.totals[beside] = TOTAL

    def held(self) -> dict[str, Decimal]:
        found = self.ingested.rows(
            "SELECT billing_period, sum(billed_cost) AS billed FROM line_items WHERE export_name = 'payer' GROUP BY 1"
        )
        return dict.fromkeys(MONTHS, Decimal(0)) | {row["billing_period"]: row["billed"] for row in found}

    def judge(self, kind: Kind, outcome: Any, held: Decimal, seed: str) -> None:
        said = (seed, outcome, held)
        assert outcome.state in ("loaded", "rejected", "waiting"), said
        if outcome.state != "loaded":
            assert outcome.reason, said
            assert held == self.totals[outcome.period], said
            return
        if outcome.billed_cost is not None:
            assert held == outcome.billed_cost, said
        if kind.exact:
            assert (outcome.rows, held) == (len(COSTS), TOTAL), said
        if kind.counted:
            assert outcome.rows == len(COSTS), said
        self.totals[outcome.period] = held

    def no_words_too_many(self, seeds: str) -> None:
        told = "SELECT DISTINCT unnest([reason, notes]) AS told FROM billing_drops"
        reasons = "SELECT DISTINCT reason AS told FROM quarantined_rows"
        for row in self.ingested.rows(f"{told} UNION {reasons}"):
            # Which columns an export lacks is told in full: these names are ours.
            assert_short_and_clean(re.sub("not in the export: [a-z_, ]*", "", row["told"] or ""), seeds)


def assert_short_and_clean(told: str, seeds: str) -> None:
    assert len(told) <= 400, (seeds, told)
    assert told.isprintable(), (seeds, told)
    assert SECRET * 10 not in told, (seeds, told)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    folder = tmp_path_factory.mktemp("damaged")
    lake = MemoryLake(("billing_drops", "line_items", "quarantined_rows", "drop_totals", "made"), folder)
    yield Fuzzed(World(folder / "world", exports=("payer", "beside")), lake)
    lake.connection.close()


def ranges(share: float, width: int = len(MONTHS)) -> list[range]:
    return [range(start, start + width) for start in range(0, max(width, int(DAMAGES * share)), width)]


@pytest.mark.parametrize(
    ("kind", "seeds"),
    [
        pytest.param(name, seeds, id=f"{name}-{seeds[0]}")
        for name, kind in KINDS.items()
        for seeds in ranges(kind.share)
    ],
)
def test_a_damaged_drop_is_refused_or_read_right_and_stops_no_other(fuzzed: Fuzzed, kind: str, seeds: range) -> None:
    fuzzed.damage(kind, seeds)


JOB = json.dumps(record("sagemaker:DescribeTrainingJob", arn("training-job/x"), {
    "TrainingJobName": "x", "Description": SECRET * 90, "CreationTime": "2026-10-05T05:00:00Z", "TrainingEndTime": 1791176400000,
    "Tags": [{"Key": "team", "Value": "risk"}], "ResourceConfig": {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
}, tags={"team": "risk"}))  # fmt: skip
LOOK = json.dumps(record("mlcost:Snapshot", "look-1", {
    "kind": "sagemaker:DescribeTrainingJob", "account_id": "", "region": "us-east-1", "scope": "", "complete": True, "incremental": False,
    "started_at": "2026-10-05T06:00:00Z", "finished_at": "2026-10-05T06:01:00Z", "records": 1, "file": "x.jsonl", "error": None,
}))  # fmt: skip


def edited_line(chance: random.Random, content: bytes) -> bytes:
    """One of the records is another."""
    first, *others = content.splitlines(keepends=True)
    return b"".join([rewritten(chance, first).replace(b"\n", b" ") + b"\n", *others])


RECORDS = {
    ".jsonl": (*BYTES, edited_line, edited_line, edited_line),
    ".jsonl.gz": (*BYTES, IN_GZIP),
}


@pytest.fixture(scope="module")
def memory() -> Iterator[MemoryLake]:
    lake = MemoryLake()
    yield lake
    lake.connection.close()


@pytest.mark.parametrize("suffix", RECORDS)
@pytest.mark.parametrize("seeds", ranges(0.21), ids=str)
def test_damaged_records_are_set_aside_and_stop_no_other(
    world: World, memory: MemoryLake, suffix: str, seeds: range
) -> None:
    memory.clear()
    landing = Landing(world, memory)
    written = f"{JOB}\n{LOOK}\n{JOB}\n".encode()
    landing.world.land(json.loads(JOB) | {"id": "good"}, file="good.jsonl")
    for seed in seeds:
        chance = random.Random(f"records {suffix} {seed}")
        content = gzip.compress(written) if suffix.endswith(".gz") else written
        file = landing.world.metadata / f"{seed}{suffix}"
        file.write_bytes(chance.choice(RECORDS[suffix])(chance, content))
    done = landing.read()
    said = f"records {suffix} {seeds}"
    assert done.files == len(seeds) + 1, said
    assert landing.tuples("SELECT count(*) FROM metadata_records WHERE file = 'good.jsonl'") == [(1,)], said
    assert landing.tuples("SELECT valid_from FROM resource_history WHERE id = 'good'"), said
    reasons = landing.tuples("SELECT reason FROM quarantined_records UNION SELECT error FROM metadata_files")
    for told in [*done.unreadable, *(reason or "" for (reason,) in reasons)]:
        assert_short_and_clean(told, said)
