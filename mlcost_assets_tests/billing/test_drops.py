"""A drop is what one manifest names; nothing half-loaded, nothing lost, nothing twice."""

import gzip
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from mlcost_assets.billing.plan import make_plan
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge, write_parquet
from mlcost_assets_tests.world import World


def total(ingested: Ingested) -> Decimal:
    return Decimal(ingested.rows("SELECT coalesce(sum(billed_cost), 0) AS total FROM line_items")[0]["total"])


def states(ingested: Ingested) -> list[str]:
    return [outcome.state for outcome in ingested.load()]


def data_files(world: World, export: str = "payer") -> list[Path]:
    return sorted((world.root(export) / "data").rglob("*.*"))


def test_a_drop_is_loaded_once(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], chunks=2)
    assert states(ingested) == ["loaded"]
    assert states(ingested) == []
    assert total(ingested) == 3


def test_a_copy_of_an_export_with_other_times_is_no_new_delivery(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], chunks=2)
    assert states(ingested) == ["loaded"]
    for file in ingested.world.root().rglob("*.*"):
        os.utime(file, (1, 1))
    config, connection = ingested.world.config, ingested.lake.connection
    assert make_plan(config, connection).pending == make_plan(config, connection, look_at_files=True).pending == ()
    (manifest,) = (ingested.world.root() / "metadata").rglob("*.json")
    manifest.write_text(manifest.read_text().replace("execution-1", "execution-2"))
    assert states(ingested) == ["loaded"]


def test_a_new_drop_replaces_its_period_and_no_other(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0, at="2026-09-05T00:00:00")], period="2026-09")
    ingested.world.bill([charge(cost=2.0)], period="2026-10")
    assert states(ingested) == ["loaded", "loaded"]
    ingested.world.bill([charge(cost=5.0)], period="2026-10", execution="execution-2")
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 6
    found = ingested.rows("SELECT billing_period, state FROM billing_drops ORDER BY ALL")
    assert [tuple(row.values()) for row in found] == [
        ("2026-09", "loaded"),
        ("2026-10", "loaded"),
        ("2026-10", "superseded"),
    ]


def test_files_that_no_manifest_names_do_not_count(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)])
    stray = data_files(ingested.world)[0].with_name("payer-00002.snappy.parquet")
    write_parquet(stray, [charge(cost=100.0)], ["line_item_unblended_cost"])
    (stray.parent / "marker").write_text("")
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 1


def test_a_drop_without_its_files_is_waited_for_and_the_good_version_stays(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)])
    assert states(ingested) == ["loaded"]
    ingested.world.bill([charge(cost=2.0), charge(cost=3.0)], chunks=2, execution="execution-2")
    late = data_files(ingested.world)[1]
    content = late.read_bytes()
    late.unlink()
    (outcome,) = ingested.load()
    assert outcome.state == "waiting"
    assert "1 of 2 files" in str(outcome.reason)
    assert total(ingested) == 1
    assert states(ingested) == []  # nothing changed, nothing is tried
    late.write_bytes(content)
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 5


@pytest.mark.parametrize(
    "broken",
    [b"", b"PAR1 but no more", gzip.compress(b"a,b\n1,2\n"), b"\x00\xff" * 1000],
    ids=["empty", "cut short", "gzip of something else", "noise"],
)
def test_a_broken_file_rejects_its_drop_and_the_good_version_stays(ingested: Ingested, broken: bytes) -> None:
    ingested.world.bill([charge(cost=1.0)])
    assert states(ingested) == ["loaded"]
    manifest = ingested.world.bill([charge(cost=2.0)], execution="execution-2")
    good = data_files(ingested.world)[0].read_bytes()
    data_files(ingested.world)[0].write_bytes(broken)
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert outcome.reason
    assert total(ingested) == 1
    data_files(ingested.world)[0].write_bytes(good)  # mended without a new manifest
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 2
    assert manifest.exists()


def test_a_truncated_csv_rejects_its_drop(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)] * 500, kind="csv")
    file = data_files(ingested.world)[0]
    file.write_bytes(file.read_bytes()[:-40])
    assert states(ingested) == ["rejected"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "no JSON"),
        ("[]", "no manifest"),
        ("{}", "names no data files"),
        ('{"dataFiles": ["s3://bucket/elsewhere/file.parquet"]}', "does not lie where"),
        (
            '{"dataFiles": [{"s3Uri": "s3://b/data/BILLING_PERIOD=2026-10/payer-00001.snappy.parquet", "size": 1}]}',
            "bytes",
        ),
    ],
)
def test_a_broken_manifest_is_an_error_for_its_period_only(ingested: Ingested, text: str, reason: str) -> None:
    ingested.world.bill([charge(cost=1.0, at="2026-09-05T00:00:00")], period="2026-09")
    ingested.world.bill([charge(cost=2.0)]).write_text(text)
    good, bad = ingested.load()
    assert (good.state, bad.state) in {("loaded", "rejected"), ("loaded", "waiting")}
    assert reason in str(bad.reason)
    assert total(ingested) == 1


def test_rows_that_cannot_be_read_do_not_replace_a_good_month(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)], kind="csv")
    assert states(ingested) == ["loaded"]
    ingested.world.bill([charge(cost=2.0), charge(line_item_unblended_cost="convertible")], kind="csv", execution="2")
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    where = (
        "line_item_unblended_cost is no number: convertible, in data/BILLING_PERIOD=2026-10/payer-00001.csv.gz row 1"
    )
    assert where in str(outcome.reason)
    assert total(ingested) == 1


def test_a_drop_of_which_no_row_can_be_read_is_refused(ingested: Ingested) -> None:
    ingested.world.bill([charge(line_item_unblended_cost="convertible")] * 3, kind="csv")
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert str(outcome.reason).startswith(
        "none of its 3 rows can be read (first: line_item_unblended_cost is no number"
    )


def test_a_net_cost_that_is_no_number_is_set_aside_rather_than_read_as_gross(ingested: Ingested) -> None:
    rows = [charge(cost=2.0, line_item_net_unblended_cost=1.5), charge(cost=2.0, line_item_net_unblended_cost="None")]
    ingested.world.bill(rows, kind="csv")
    assert states(ingested) == ["loaded"]
    assert total(ingested) == Decimal("1.5")
    assert [row["reason"] for row in ingested.rows("FROM quarantined_rows")] == [
        "line_item_net_unblended_cost is no number: None"
    ]


def test_optional_values_that_cannot_be_read_are_unknown_and_noted(ingested: Ingested) -> None:
    odd = charge(
        cost=2.0, pricing_public_on_demand_rate="n/a", line_item_usage_end_date="soon", resource_tags="team=risk"
    )
    ingested.world.bill([charge(cost=1.0), odd, odd], kind="csv")
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 5
    (drop,) = ingested.rows("FROM billing_drops")
    for said in (
        "pricing_public_on_demand_rate: 2 values are no number (such as 'n/a')",
        "line_item_usage_end_date: 2 values are no time (such as 'soon')",
        "resource_tags: 2 values are no JSON object (such as 'team=risk')",
    ):
        assert said in drop["notes"]


def test_a_torn_line_is_set_aside_and_the_rest_is_used(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], kind="csv")
    file = data_files(ingested.world)[0]
    lines = gzip.decompress(file.read_bytes()).split(b"\r\n")
    file.write_bytes(gzip.compress(b"\r\n".join([lines[0], b"only,three,fields", *lines[1:]])))
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 3
    (torn,) = ingested.rows("FROM quarantined_rows")
    assert torn["reason"].startswith("line 2: ")


def test_the_newest_delivery_counts_in_create_new_mode(ingested: Ingested) -> None:
    root = ingested.world.root()
    for execution, cost in (("2026-10-02T00:00:00.000Z-a", 1.0), ("2026-10-03T00:00:00.000Z-b", 5.0)):
        manifest = ingested.world.bill([charge(cost=cost)], execution=execution)
        (file,) = (root / "data" / "BILLING_PERIOD=2026-10").glob("*.parquet")
        moved = file.parent / execution / file.name
        moved.parent.mkdir()
        file.rename(moved)
        text = json.dumps({"executionId": execution, "dataFiles": [f"s3://b/p/{moved.relative_to(root)}"]})
        manifest.write_text(text)
        own = manifest.parent / execution / manifest.name
        own.parent.mkdir()
        own.write_text(text)
        assert states(ingested) == ["loaded"]
    assert total(ingested) == 5
    manifest.unlink()  # without the period's own manifest the newest delivery's counts
    (entry,) = ingested.rows("SELECT execution_id FROM billing_drops WHERE state = 'loaded'")
    assert entry["execution_id"].endswith("-b")


def test_two_exports_of_one_payer_and_period_never_add_up(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from mlcost_assets.lake.writer import LakeWriter

    world = World(tmp_path / "two", exports=("first", "second"))
    world.bill([charge(cost=1.0)], export="second")
    with LakeWriter(world.config) as lake:
        ingested = Ingested(world, lake)
        assert states(ingested) == ["loaded"]
        world.bill([charge(cost=2.0)], export="first")
        assert states(ingested) == ["loaded"]  # the configured order decides, not the order of arrival
        assert total(ingested) == 2
        found = ingested.rows("SELECT export_name, state, covered_by FROM billing_drops ORDER BY 1")
        assert [tuple(row.values()) for row in found] == [("first", "loaded", None), ("second", "shadowed", "first")]
        assert states(ingested) == []
        world.configure(exports=("second", "first"))
        assert states(ingested) == ["loaded"]
        assert total(ingested) == 1


def test_several_exports_under_one_root_are_refused_by_name(ingested: Ingested) -> None:
    manifest = ingested.world.bill([charge()])
    manifest.with_name("another-Manifest.json").write_text(manifest.read_text())
    plan = make_plan(ingested.world.config, None)
    assert "another (data export), payer (data export)" in plan.unreachable["payer"]
