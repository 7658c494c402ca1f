"""What is made to fill a disk or a memory is refused by name, within 200 MB of memory; so is what leads out of the root."""

import errno
import gzip
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mlcost_assets.billing import load
from mlcost_assets.billing.replace import replace_period
from mlcost_assets.billing.unpacking import unpack
from mlcost_assets.errors import DropRejectedError, NoRoomError
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge
from mlcost_assets_tests.world import World

# Loads a small good drop, then what was delivered of the next month; says what became of it and what memory it took.
MEASURED = """
import resource, sys
from pathlib import Path
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.world import World
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.config import load_config
world = World.__new__(World)
world.folder = Path(sys.argv[1])
with LakeWriter(world.config) as lake:
    ingested = Ingested(world, lake)
    late = world.folder / "payer-Manifest.json"
    assert [one.state for one in ingested.load()] == ["loaded"]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    late.rename(world.folder / "billing/payer/metadata/BILLING_PERIOD=2026-10" / late.name)
    (outcome,) = ingested.load()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, outcome.state, outcome.reason)
"""
MEGABYTES = 200


def delivered(world: World, content: bytes, kind: str = "csv.gz") -> Path:
    """A month that is good, and a later one of which the manifest waits beside and the file is `content`."""
    world.bill([charge(at="2026-09-05T00:00:00")], period="2026-09", kind="csv")
    manifest = world.bill([charge()], kind="csv")
    (file,) = (world.root() / "data" / "BILLING_PERIOD=2026-10").iterdir()
    file.unlink()
    file = file.with_name(f"payer-00001.{kind}")
    file.write_bytes(content)
    manifest.write_text(manifest.read_text().replace("csv.gz", kind))
    manifest.rename(world.folder / "payer-Manifest.json")
    return file


def measured(world: World) -> tuple[int, str]:
    """The megabytes that the later month took to load, and what became of it."""
    run = [sys.executable, "-c", MEASURED, str(world.folder)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kilobytes, said = done.stdout.split(" ", 1)
    return int(kilobytes) // 1000, said


def zipped(folder: Path, content: bytes) -> bytes:
    with zipfile.ZipFile(folder / "packed", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bill.csv", content)
    return (folder / "packed").read_bytes()


HEADER = b"bill_payer_account_id,line_item_unblended_cost\n"
WHOLE = (
    b"bill_payer_account_id,line_item_usage_account_id,line_item_line_item_type,line_item_usage_start_date,"
    b"line_item_usage_end_date,line_item_product_code,line_item_unblended_cost,line_item_currency_code\n"
)
LONG = b"x" * 100_000_000
REFUSED: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "gzip bomb": ("csv.gz", lambda _: gzip.compress(HEADER + b"1,2\n" * 30_000_000, 9), "which no bill does"),
    "zip bomb": ("csv.zip", lambda folder: zipped(folder, HEADER + b"1,2\n" * 30_000_000), "which no bill does"),
    "long line": ("csv.gz", lambda _: gzip.compress(HEADER + b"1,2\n" + LONG), "line 3 is longer than 2,000,000 bytes"),
    "long line, not packed": ("csv", lambda _: HEADER + b"1,2\n" + LONG + b"\n1,2\n", "line 3 is longer"),
    "long header": ("csv", lambda _: LONG + b"\n1,2\n", "line 1 is longer"),
    "a quote without its end": ("csv", lambda _: HEADER + b'1,"' + b"word\n" * 20_000_000, "10,000 lines or more"),
    "torn lines": ("csv", lambda _: WHOLE + b"1,1,Usage,,,S,1,USD\n" * 100 + b"1,2,3,4,5,6,7,8,9\n" * 4_000_000, "10,000 lines or more that are no rows, line 102 first"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_by_name_within_200_megabytes(world: World, what: str) -> None:
    kind, made, reason = REFUSED[what]
    delivered(world, made(world.folder), kind)
    megabytes, said = measured(world)
    assert said.startswith("rejected "), said
    assert reason in said
    assert f"payer-00001.{kind}" in said
    assert megabytes < MEGABYTES, said


def test_no_more_of_a_bomb_is_written_than_may_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"1,2\n" * 30_000_000))
    store = LocalStore(str(tmp_path))
    file = store.stat("a.csv.gz")
    assert file
    with pytest.raises(DropRejectedError, match=r"a.csv.gz unpacks to more than \d+ times its"):
        unpack(store, file, tmp_path / "plain")
    assert (tmp_path / "plain").stat().st_size <= 100_000_000


def test_what_packs_well_and_is_small_is_no_bomb(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)] * 20_000, kind="csv")
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.rows) == ("loaded", 20_000)


@pytest.mark.parametrize(
    "location",
    [
        "{root}/../../../../etc/passwd",
        "{root}//etc/passwd",
        "{root}/./data/x.csv",
        "{root}/data/x.csv/",
        "{root}/data\\\\..\\\\x.csv",
        "{root}/data/\\u0000x.csv",
        "{root}/data/\\u001b[31mx.csv",
        "s3://b/data/BILLING_PERIOD=2026-10/../../../../../etc/passwd",
        "s3://b/data/BILLING_PERIOD=2026-10//etc/passwd",
        "/etc/passwd",
        "/proc/self/environ",
        "../../secret.csv",
    ],
)
def test_a_key_that_leads_out_of_the_root_is_refused_by_name(ingested: Ingested, location: str) -> None:
    manifest = ingested.world.bill([charge()])
    (ingested.world.folder / "secret.csv").write_text("bill_payer_account_id\nsecret words\n")
    named = location.format(root=ingested.world.root())
    manifest.write_text(f'{{"dataFiles": ["{named}"]}}')
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert "does not lie where this export's files do" in str(outcome.reason)
    assert str(outcome.reason).isprintable()
    assert "secret words" not in str(outcome.reason)


ODD_MANIFESTS = {
    "deep": b"[" * 100_000,
    "deep and whole": b'{"dataFiles": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a huge number": b'{"dataFiles": [1' + b"0" * 10_000 + b"]}",
    "numbers": b'{"dataFiles": [1, 2]}',
    "nothing": b'{"dataFiles": [null]}',
    "an object": b'{"dataFiles": {"a": 1}}',
    "a text": b'{"dataFiles": "s3://b/data/BILLING_PERIOD=2026-10/x.csv"}',
    "no text": b'{"dataFiles": [{"s3Uri": 7}]}',
    "half a character": b'{"dataFiles": ["s3://b/data/BILLING_PERIOD=2026-10/\\ud800.csv"]}',
    "not UTF-8": b'{"dataFiles": ["\xff\xfe"]}',
    "a long name": json.dumps({"dataFiles": ["s3://b/data/BILLING_PERIOD=2026-10/" + "x" * 300 + ".csv"]}).encode(),
    "control text": b'{"dataFiles": ["\\u001b]0;title\\u0007\\u001b[31mred"]}',
    "a size of text": json.dumps({"dataFiles": [
        {"s3Uri": "s3://b/data/BILLING_PERIOD=2026-10/payer-00001.snappy.parquet", "size": "7" * 5000}
    ]}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("content", ODD_MANIFESTS.values(), ids=ODD_MANIFESTS)
def test_a_manifest_of_anything_rejects_its_drop(ingested: Ingested, content: bytes) -> None:
    ingested.world.bill([charge(at="2026-09-05T00:00:00")], period="2026-09")
    ingested.world.bill([charge()]).write_bytes(content)
    good, bad = ingested.load()
    assert (good.state, bad.state) == ("loaded", "rejected")
    assert str(bad.reason).isprintable()
    assert len(str(bad.reason)) <= 400
    assert "[31m" not in str(bad.reason)


def test_a_manifest_of_a_gigabyte_is_not_read(ingested: Ingested) -> None:
    os.truncate(ingested.world.bill([charge()]), 1 << 30)
    (outcome,) = ingested.load()
    assert (outcome.state, "has more than 5,000,000 bytes" in str(outcome.reason)) == ("rejected", True)


def test_a_full_disk_is_no_files_fault(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    ingested.world.bill([charge()])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mlcost_assets.billing.parquet_files._plain_path", full)
    with pytest.raises(NoRoomError, match="no disk is left to read"):
        ingested.load()
    monkeypatch.undo()
    assert ingested.rows("FROM billing_drops") == []
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]


def test_a_fault_of_ours_is_not_laid_to_the_drop(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    ingested.world.bill([charge()])
    genuine = replace_period

    def mistaken(lake: object, *given: object) -> object:
        ingested.lake.connection.execute("SELECT no_such_column FROM exported")
        return genuine(lake, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "replace_period", mistaken)
    with pytest.raises(Exception, match="no_such_column"):
        ingested.load()


def test_a_value_that_breaks_a_statement_is_the_drops(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    ingested.world.bill([charge()])
    genuine = replace_period

    def breaking(lake: object, *given: object) -> object:
        ingested.lake.connection.execute("SELECT CAST(line_item_resource_id AS INTEGER) FROM exported").fetchall()
        return genuine(lake, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "replace_period", breaking)
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert str(outcome.reason).startswith("the rows of the export cannot be read: Conversion Error: Could not convert")
    monkeypatch.undo()
    ingested.world.bill([charge()], execution="mended")
    assert [one.state for one in ingested.load()] == ["loaded"]
