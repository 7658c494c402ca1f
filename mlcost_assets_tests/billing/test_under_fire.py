"""Drops under fire: files replaced while they are read, twins, odd names, very many files, several payers."""

import os
import shutil
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.billing import load
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.billing.replace import replace_period
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge, write_export
from mlcost_assets_tests.world import World


def total(ingested: Ingested) -> Decimal:
    return Decimal(ingested.rows("SELECT coalesce(sum(billed_cost), 0) AS total FROM line_items")[0]["total"])


def data_files(world: World, export: str = "payer") -> list[Path]:
    return sorted((world.root(export) / "data").rglob("*.*"))


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something happen each time when a drop has been read and is not yet committed."""
    genuine = replace_period

    def arrange(happens: Callable[[], object]) -> None:
        def replaced(*given: Any) -> Any:
            outcome = genuine(*given)
            happens()
            return outcome

        monkeypatch.setattr(load, "replace_period", replaced)

    return arrange


def test_a_drop_that_is_replaced_while_it_is_read_is_read_again(
    ingested: Ingested, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    ingested.world.bill([charge(cost=1.0)], execution="one")
    newer = iter([[charge(cost=2.0), charge(cost=3.0)]])

    def deliver() -> None:
        for rows in newer:
            ingested.world.bill(rows, execution="two")

    meanwhile(deliver)
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.billed_cost, total(ingested)) == ("loaded", 5, 5)
    assert ingested.rows("SELECT execution_id, state FROM billing_drops") == [
        {"execution_id": "two", "state": "loaded"}
    ]


def test_a_file_that_is_replaced_under_its_manifest_is_noticed_too(
    ingested: Ingested, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    manifest = ingested.world.bill([charge(cost=1.0)])
    kept = manifest.stat()
    newer = iter([[charge(cost=4.0)]])

    def deliver() -> None:
        for rows in newer:
            ingested.world.bill(rows)
            os.utime(manifest, ns=(kept.st_atime_ns, kept.st_mtime_ns))

    meanwhile(deliver)
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    assert total(ingested) == 4


def test_a_drop_that_never_stands_still_is_waited_for_and_the_good_version_stays(
    ingested: Ingested, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    ingested.world.bill([charge(cost=1.0)])
    ingested.load()
    ingested.world.bill([charge(cost=2.0)], execution="two")
    meanwhile(lambda: ingested.world.bill([charge(cost=3.0)], execution=str(time.monotonic_ns())))
    (outcome,) = ingested.load()
    assert outcome.state == "waiting"
    assert "replaced while they were read" in str(outcome.reason)
    assert total(ingested) == 1
    meanwhile(lambda: None)
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    assert total(ingested) == 3


def test_a_file_that_goes_away_while_it_is_read_is_waited_for(
    ingested: Ingested, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    ingested.world.bill([charge(cost=1.0)])
    meanwhile(lambda: shutil.rmtree(ingested.world.root() / "data"))
    (outcome,) = ingested.load()
    assert outcome.state == "waiting"
    assert total(ingested) == 0


def test_a_refresh_notices_files_replaced_under_their_manifest_once_they_are_settled(ingested: Ingested) -> None:
    world = ingested.world
    manifest = world.bill([charge(cost=1.0)])
    kept = manifest.stat()
    ingested.load()
    world.bill([charge(cost=7.0)])
    os.utime(manifest, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    connection = ingested.lake.connection
    assert make_plan(world.config, connection, look_at_files=True).pending == ()  # a delivery under way
    an_hour_ago = time.time() - 3600
    os.utime(data_files(world)[0], (an_hour_ago, an_hour_ago))
    assert make_plan(world.config, connection).pending == ()  # a sensor looks at manifests only
    (pending,) = make_plan(world.config, connection, look_at_files=True).pending
    assert pending.period == "2026-10"


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_same_content_twice_in_a_drop_rejects_it(ingested: Ingested, kind: str) -> None:
    manifest = ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], kind=kind, chunks=2)
    first, second = data_files(ingested.world)
    second.write_bytes(first.read_bytes())
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert f"{second.name} is data/BILLING_PERIOD=2026-10/{first.name} once more" in str(outcome.reason)
    assert manifest.exists()


def test_a_file_named_twice_rejects_the_drop(ingested: Ingested) -> None:
    manifest = ingested.world.bill([charge(cost=1.0)])
    text = manifest.read_text()
    name = data_files(ingested.world)[0].name
    url = f'"s3://bucket/prefix/payer/data/BILLING_PERIOD=2026-10/{name}"'
    manifest.write_text(text.replace(url, f"{url}, {url}"))
    (outcome,) = ingested.load()
    assert (outcome.state, "twice" in str(outcome.reason)) == ("rejected", True)


def test_files_without_rows_are_no_twins(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)], chunks=3)
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.rows) == ("loaded", 1)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
@pytest.mark.parametrize("odd", ["a?b", "a*b", "[ab]", "a#b%20c+d e", 'it\'s "quoted"', "Gehälter–€", "{a,b}"])
def test_names_with_odd_characters_are_names(ingested: Ingested, odd: str, kind: str) -> None:
    root = ingested.world.root()
    manifest = ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], chunks=2, kind=kind)
    for file in data_files(ingested.world):
        file.rename(file.with_name(file.name.replace("payer", odd)))
    # Neighbours that fit the name if it is taken for a pattern.
    for neighbour in ("axb", "a", "b"):
        write_export(root, [charge(cost=100.0)], period="2026-09", kind=kind)
        stray = next((root / "data" / "BILLING_PERIOD=2026-09").iterdir())
        stray.rename(data_files(ingested.world)[0].with_name(stray.name.replace("payer", neighbour)))
    (root / "metadata" / "BILLING_PERIOD=2026-09" / manifest.name).unlink()
    manifest.write_text(manifest.read_text().replace("/payer-0", f"/{odd}-0".replace('"', '\\"')))
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.reason, outcome.billed_cost) == ("loaded", None, 3)
    files = {row["x_source_file"] for row in ingested.rows()}
    suffix = "snappy.parquet" if kind == "parquet" else "csv.gz"
    assert files == {f"data/BILLING_PERIOD=2026-10/{odd}-0000{number}.{suffix}" for number in (1, 2)}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_drop_may_have_hundreds_of_files(ingested: Ingested, kind: str) -> None:
    ingested.world.bill([charge(cost=1.0)] * 400, chunks=300, kind=kind)
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.rows, outcome.billed_cost) == ("loaded", 400, 400)


def test_several_payers_stand_side_by_side(tmp_path: Path) -> None:
    world = World(tmp_path / "two", exports=("first", "second"))
    world.bill([charge(cost=1.0)], export="first")
    world.bill([charge(cost=2.0, bill_payer_account_id="999999999999")], export="second")
    with LakeWriter(world.config) as lake:
        ingested = Ingested(world, lake)
        assert [outcome.state for outcome in ingested.load()] == ["loaded", "loaded"]
        assert total(ingested) == 3
        assert ingested.rows("SELECT count(DISTINCT billing_account_id) AS payers FROM line_items") == [{"payers": 2}]
