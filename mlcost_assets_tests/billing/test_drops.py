"""A drop is what one manifest names; nothing half-loaded, nothing lost, nothing twice."""

import gzip
import json
import os
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mlcost_assets.billing import ledger
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.lake.sql import read_sql
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


def test_tags_that_cannot_be_read_are_counted_and_told(ingested: Ingested) -> None:
    rows = [charge(resource_tags="team=risk"), charge(resource_tags={"user_team": "risk"}), charge(cost_category="?")]
    ingested.world.bill(rows, kind="csv")
    assert states(ingested) == ["loaded"]
    assert ingested.rows("SELECT unread_tags FROM billing_drops") == [{"unread_tags": 2}]
    findings = ingested.rows(read_sql(ledger.__file__, "standing_totals"), most_unnamed=1)
    assert [one["text"] for one in findings if one["finding"] == "tags"] == [
        "payer 2026-10: 2 values of tag columns cannot be read as tags; billing_drops.notes names the columns"
    ]


ODD: dict[str, tuple[dict[str, pa.Array], str]] = {
    "NaN in a column that may be empty": ({"line_item_usage_amount": pa.array([float("nan")])}, "loaded"),
    "NaN as net cost": ({"line_item_net_unblended_cost": pa.array([float("nan")])}, "loaded"),
    "infinity in a column that may be empty": ({"line_item_unblended_rate": pa.array([float("inf")])}, "loaded"),
    "NaN as cost": ({"line_item_unblended_cost": pa.array([float("nan")])}, "rejected"),
    "an empty column of numbers for a map": ({"resource_tags": pa.array([None], pa.int32())}, "loaded"),
    "an empty column of flags for a time": ({"line_item_usage_end_date": pa.array([None], pa.bool_())}, "loaded"),
    "an empty column of dates for money": ({"line_item_unblended_rate": pa.array([None], pa.date32())}, "loaded"),
    "a column of flags for money": ({"line_item_unblended_cost": pa.array([True])}, "rejected"),
    "text that is not said to be text": ({"line_item_resource_id": pa.array([b"i-1"])}, "loaded"),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "state"), ODD.values(), ids=ODD)
def test_only_a_cost_that_is_none_or_a_value_of_another_kind_costs_a_bill(
    ingested: Ingested, columns: dict[str, pa.Array], state: str
) -> None:
    ingested.world.bill([charge(cost=6.0)])
    (file,) = data_files(ingested.world)
    table = pq.read_table(file)
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, values)
    pq.write_table(table, file)
    (outcome,) = ingested.load()
    assert outcome.state == state, outcome.reason
    if state == "loaded":
        (row,) = ingested.rows()
        assert (row["billed_cost"], row["effective_cost"]) == (6, 6)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ([("line_item_brand_new", "a"), ("Line_Item_Brand_New", "b")], "loaded"),  # which nobody reads
        ([("LINE_ITEM_UNBLENDED_COST", 1.0)], "loaded"),
        ([("lineItem/UnblendedCost", 2.0)], "rejected"),
    ],
    ids=["a column that is not read", "the same cost", "another cost"],
)
def test_a_column_twice_costs_a_bill_only_where_the_two_that_are_read_differ(
    ingested: Ingested, more: list[tuple[str, Any]], state: str
) -> None:
    ingested.world.bill([charge(cost=1.0)])
    (file,) = data_files(ingested.world)
    table = pq.read_table(file)
    for name, value in more:
        table = table.append_column(name, pa.array([value]))
    pq.write_table(table, file)
    (outcome,) = ingested.load()
    assert outcome.state == state, outcome.reason
    if state == "rejected":
        assert "line_item_unblended_cost and lineItem/UnblendedCost are one and the same, and do not agree" in str(
            outcome.reason
        )


def test_a_torn_line_is_set_aside_with_its_money_and_the_rest_is_used(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0), charge(cost=2.0)], kind="csv")
    file = data_files(ingested.world)[0]
    lines = gzip.decompress(file.read_bytes()).split(b"\r\n")
    longer = lines[1].replace(b"1.0", b"7.5", 1) + b",one,more"
    file.write_bytes(gzip.compress(b"\r\n".join([lines[0], longer, b"only,three,fields", *lines[1:]])))
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 3
    rows = ingested.rows("FROM quarantined_rows ORDER BY source_row")
    assert [(row["reason"][:8], row["source_row"], row["billed_cost"]) for row in rows] == [
        ("line 2: ", 0, Decimal("7.5")), ("line 3: ", 1, None),
    ]  # fmt: skip


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


def test_a_copy_that_lies_deeper_costs_its_month_nothing(ingested: Ingested) -> None:
    ingested.world.bill([charge(cost=1.0)])
    root = ingested.world.root()
    shutil.copytree(root, ingested.world.folder / "copy")
    ingested.world.bill([charge(cost=2.0)], execution="2")
    (ingested.world.folder / "copy").rename(root / "backup of yesterday")
    for file in (root / "backup of yesterday").rglob("*.*"):
        os.utime(file)  # the newest of all
    assert states(ingested) == ["loaded"]
    assert total(ingested) == 2


def test_several_exports_under_one_root_are_refused_by_name(ingested: Ingested) -> None:
    manifest = ingested.world.bill([charge()])
    manifest.with_name("another-Manifest.json").write_text(manifest.read_text())
    plan = make_plan(ingested.world.config, None)
    assert "another (data export), payer (data export)" in plan.unreachable["payer"]
