"""Bills that are files and nothing else: months from the rows, identity from the content, nothing counted twice."""

import gzip
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.billing import plain_files
from mlcost_assets.billing.formats import CUR2, FOCUS, Format
from mlcost_assets.billing.plan import Plan, make_plan
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.billing.test_focus import focus
from mlcost_assets_tests.exports import Row, charge, write_csv, write_parquet
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World


def put(file: Path, rows: list[Row], format_: Format = CUR2) -> Path:
    """Writes `rows` as the file's name says: .csv, .csv.gz, .zip or .parquet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".parquet":
        write_parquet(file, rows, list(format_.columns), format_)
        return file
    write_csv(file, rows, list(format_.columns), format_)
    if file.suffix == ".csv":
        file.write_bytes(gzip.decompress(file.read_bytes()))
    if file.suffix == ".zip":
        text = gzip.decompress(file.read_bytes())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("report.csv", text)
            archive.writestr("__MACOSX/._report.csv", b"what a Mac adds")
    return file


def item(number: int, cost: float = 1.0, at: str = "2026-10-05T14:00:00", **more: Any) -> Row:
    return charge(cost=cost, at=at, identity_line_item_id=f"item-{number}", identity_time_interval=at, **more)


def day(number: int, cost: float = 1.0) -> Row:
    start = datetime(2026, 10, number)
    return focus(billed_cost=cost, charge_period_start=start, charge_period_end=start.replace(hour=23))


def loaded(ingested: Ingested) -> dict[str, Decimal]:
    """What is billed of every month."""
    rows = ingested.rows("SELECT billing_period, sum(billed_cost) AS billed FROM line_items GROUP BY 1 ORDER BY 1")
    return {row["billing_period"]: row["billed"] for row in rows}


def states(ingested: Ingested) -> list[tuple[str, str]]:
    return [(outcome.period, outcome.state) for outcome in ingested.load()]


def planned(ingested: Ingested) -> Plan:
    return make_plan(ingested.world.config, ingested.lake.connection, look_at_files=True)


@pytest.mark.parametrize(
    ("format_", "row", "told"), [(CUR2, item(1), "cur2"), (FOCUS, focus(billed_cost=1.0), "focus")]
)
@pytest.mark.parametrize("name", ["bill.csv", "bill.csv.gz", "bill.zip", "bill.parquet", "a folder/Bill.parquet"])
def test_a_file_in_a_folder_is_a_bill(ingested: Ingested, name: str, format_: Format, row: Row, told: str) -> None:
    put(ingested.world.root() / name, [row], format_)
    assert states(ingested) == [("2026-10", "loaded")]
    assert states(ingested) == []
    assert planned(ingested).pending == ()
    (drop,) = ingested.rows("SELECT format, completeness, manifest, files FROM billing_drops")
    assert drop == {"format": told, "completeness": "unknown", "manifest": None, "files": 1}


@pytest.mark.parametrize("place", ["local", pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])])
@pytest.mark.parametrize("name", ["bill.csv", "bill.zip", "bill.parquet"])
def test_the_uri_may_be_the_file_itself(world: World, name: str, place: str, request: pytest.FixtureRequest) -> None:
    put(world.root() / name, [item(1)])
    put(world.root() / "another.csv", [item(2, 50.0)])
    uri = f"billing/payer/{name}"
    if place == "s3":
        server: S3Server = request.getfixturevalue("s3")
        uri = f"{server.upload(world.root(), 'bills')}/{name}"
    (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{{name: payer, uri: '{uri}'}}]}}\n")
    with LakeWriter(world.config) as lake:
        ingested = Ingested(world, lake)
        assert states(ingested) == [("2026-10", "loaded")]
        assert loaded(ingested) == {"2026-10": 1}
        assert states(ingested) == []


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_a_prefix_of_parquet_files_is_read_where_it_lies(world: World, s3: S3Server) -> None:
    put(world.root() / "day=1" / "part.parquet", [day(1)], FOCUS)
    put(world.root() / "day=2" / "part.parquet", [day(2)], FOCUS)
    uri = s3.upload(world.root(), "table.parquet")  # as other tools write a table
    (world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{{name: payer, uri: '{uri}'}}]}}\n")
    with LakeWriter(world.config) as lake:
        ingested = Ingested(world, lake)
        assert states(ingested) == [("2026-10", "loaded")]
        assert loaded(ingested) == {"2026-10": 2}


@pytest.mark.parametrize(("configured", "told"), [("auto", "cur"), ("cur", "cur"), ("cur2", "cur2")])
def test_a_legacy_report_is_told_from_its_columns_unless_the_format_is_said(
    ingested: Ingested, configured: str, told: str
) -> None:
    names = ["bill/PayerAccountId", "bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType"]
    names += ["lineItem/UsageStartDate", "lineItem/UnblendedCost", "resourceTags/user:Team"]
    values = ["111111111111", "2026-10-01T00:00:00Z", "222222222222", "Usage", "2026-10-05T00:00:00Z", "3", "risk"]
    file = ingested.world.root() / "report.csv"
    file.write_text(f"{','.join(names)}\n{','.join(values)}\n")
    settings = f"{{name: payer, uri: billing/payer, format: {configured}}}"
    (ingested.world.folder / "mlcost.yaml").write_text(f"billing: {{exports: [{settings}]}}\n")
    assert states(ingested) == [("2026-10", "loaded")]
    assert ingested.rows("SELECT format FROM billing_drops") == [{"format": told}]


def test_a_file_of_several_months_is_several_drops_and_a_month_of_several_files_is_one(ingested: Ingested) -> None:
    root = ingested.world.root()
    put(root / "1.csv", [item(1, at="2026-08-31T23:00:00"), item(2, 2.0, at="2026-09-01T00:00:00")])
    put(root / "2.csv", [item(3, 4.0, at="2026-09-02T00:00:00"), item(4, 8.0)])
    assert states(ingested) == [("2026-08", "loaded"), ("2026-09", "loaded"), ("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-08": 1, "2026-09": 6, "2026-10": 8}
    assert ingested.rows("FROM quarantined_rows") == []
    put(root / "2.csv", [item(3, 5.0, at="2026-09-02T00:00:00"), item(4, 8.0), item(5, 8.0)])
    assert states(ingested) == [("2026-09", "loaded"), ("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-08": 1, "2026-09": 7, "2026-10": 16}


def test_rows_that_tell_no_month_and_torn_lines_are_set_aside_once(ingested: Ingested) -> None:
    rows = [item(1, at="2026-09-05T00:00:00"), item(2), item(3, bill_billing_period_start_date="soon")]
    file = put(ingested.world.root() / "bill.csv", rows)
    file.write_text(file.read_text() + "only,three,fields\n")
    assert states(ingested) == [("2026-09", "loaded"), ("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-09": 1, "2026-10": 2}  # the row tells its day
    (torn,) = ingested.rows("SELECT billing_period, reason FROM quarantined_rows")
    assert (torn["billing_period"], torn["reason"][:5]) == ("2026-10", "line ")


def test_months_that_only_other_providers_bill_are_no_drops_and_their_rows_are_counted(ingested: Ingested) -> None:
    root, earlier = ingested.world.root(), datetime(2026, 9, 1)
    azure = focus(provider_name="Microsoft")
    put(root / "all.csv", [day(1), azure, azure | {"billing_period_start": earlier}], FOCUS)
    put(root / "azure.csv", [azure | {"resource_id": "vm"}], FOCUS)
    assert states(ingested) == [("2026-10", "loaded")]
    (drop,) = ingested.rows("SELECT rows, other_provider_rows, quarantined_rows FROM billing_drops")
    assert drop == {"rows": 4, "other_provider_rows": 3, "quarantined_rows": 3}
    assert planned(ingested).problems == []
    (root / "all.csv").unlink()
    assert planned(ingested).problems == [
        "payer: azure.csv holds no charge of AWS, only of other providers; nothing of it is loaded"
    ]


def test_a_month_that_the_file_no_longer_holds_stays(ingested: Ingested) -> None:
    file = ingested.world.root() / "bill.csv"
    put(file, [item(1, at="2026-09-05T00:00:00")])
    ingested.load()
    put(file, [item(2, 2.0)])
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-09": 1, "2026-10": 2}


def test_a_copy_with_other_times_is_no_new_delivery(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(ingested.world.root() / "bill.csv", [item(1)])
    assert states(ingested) == [("2026-10", "loaded")]
    os.utime(file, (1, 1))
    assert planned(ingested).pending == ()
    assert states(ingested) == []
    # Looked into once: neither the months nor the digest are read again.
    monkeypatch.setattr(plain_files, "_counted", lambda *_: pytest.fail("it was read again"))
    monkeypatch.setattr("mlcost_assets.lake.contents.digest_of", lambda *_: pytest.fail("it was read again"))
    assert planned(ingested).pending == ()


def test_what_is_remembered_of_files_may_be_lost_or_damaged(ingested: Ingested) -> None:
    put(ingested.world.root() / "bill.csv", [item(1)])
    ingested.load()
    notes = ingested.world.config.home / "contents.sqlite"
    for content in (b"no database", b""):
        notes.write_bytes(content)
        assert planned(ingested).pending == ()
    assert planned(ingested).pending == ()
    assert notes.stat().st_size > 0


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-30])


@pytest.mark.parametrize(
    ("name", "breaks", "said"),
    [
        ("b.parquet", cut_off, "b.parquet cannot be read"),
        ("b.csv.gz", cut_off, "b.csv.gz cannot be read"),
        ("b.zip", cut_off, "b.zip cannot be read"),
        ("b.csv", lambda file: file.write_text("a,b\n1,2\n"), "b.csv is no billing export"),
        ("b.csv", lambda file: file.write_text(file.read_text().splitlines()[0]), "b.csv holds no rows"),
        ("b.csv", lambda file: file.write_bytes(b""), "b.csv is empty"),
    ],
)
def test_a_file_that_breaks_takes_nothing_out_of_its_months_and_is_taken_when_it_is_mended(
    ingested: Ingested, name: str, breaks: Callable[[Path], object], said: str
) -> None:
    root, kind = ingested.world.root(), "parquet" if name.endswith("parquet") else "csv"
    put(root / f"a.{kind}", [item(1)])
    put(root / name, [item(number, 2.0) for number in range(2, 50)])
    assert states(ingested) == [("2026-10", "loaded")]
    good = (root / name).read_bytes()
    breaks(root / name)
    put(root / f"c.{kind}", [item(99, 4.0, at="2026-09-05T00:00:00")])
    (plan,) = [planned(ingested)]
    assert [said in problem for problem in plan.problems] == [True]
    assert states(ingested) == [("2026-09", "loaded"), ("2026-10", "rejected")]
    (reason,) = [row["reason"] for row in ingested.rows("FROM billing_drops WHERE state = 'rejected'")]
    assert said in reason
    assert loaded(ingested) == {"2026-09": 4, "2026-10": 97}
    assert states(ingested) == []  # nothing changed, nothing is tried
    (root / name).write_bytes(good)
    assert states(ingested) == [("2026-10", "loaded")]
    assert planned(ingested).problems == []
    assert loaded(ingested) == {"2026-09": 4, "2026-10": 97}


def test_a_broken_file_that_is_taken_away_lets_its_months_go_on(ingested: Ingested) -> None:
    root = ingested.world.root()
    put(root / "a.csv", [item(1)])
    put(root / "b.csv", [item(2, 2.0)])
    ingested.load()
    (root / "b.csv").write_bytes(b"")
    assert states(ingested) == [("2026-10", "rejected")]
    (root / "b.csv").unlink()
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-10": 1}


@pytest.mark.parametrize(
    ("format_", "first", "second"),
    [
        (CUR2, [item(number) for number in range(100)], [item(number) for number in range(98, 150)]),
        (FOCUS, [day(1), day(2), day(3)], [day(1), day(2), day(3, 7.0), day(4)]),
        (CUR2, [item(1)], [item(1)]),
        (FOCUS, [day(1)], [day(1)]),
    ],
    ids=["some line-item ids twice", "the bill again, some days later", "a copy", "a copy without ids"],
)
def test_two_downloads_of_one_month_are_refused_by_both_names(
    ingested: Ingested, format_: Format, first: list[Row], second: list[Row]
) -> None:
    root = ingested.world.root()
    put(root / "bill.csv", first, format_)
    assert states(ingested) == [("2026-10", "loaded")]
    before = loaded(ingested)
    put(root / "bill (1).csv", second, format_)
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert "bill.csv" in str(outcome.reason)
    assert "bill (1).csv" in str(outcome.reason)
    assert loaded(ingested) == before
    (root / "bill.csv").unlink()
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-10": sum(Decimal(row[format_.cost]) for row in second)}


def test_parts_of_a_bill_add_up_and_charges_that_are_alike_are_noted(ingested: Ingested) -> None:
    root = ingested.world.root()
    put(root / "1.csv", [day(1), day(2), day(3)], FOCUS)
    put(root / "2.csv", [day(3), day(4), day(5)], FOCUS)
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-10": 6}
    (drop,) = ingested.rows("FROM billing_drops")
    assert "1 charges are alike in two of its files" in drop["notes"]


def test_parquet_and_csv_of_one_month_are_refused_by_name(ingested: Ingested) -> None:
    put(ingested.world.root() / "1.csv", [item(1)])
    put(ingested.world.root() / "2.parquet", [item(2)])
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.reason) == (
        "rejected", "2.parquet is Parquet and 1.csv is CSV; a delivery is one or the other",
    )  # fmt: skip


def test_files_beside_a_manifest_and_hidden_ones_are_no_bill(ingested: Ingested) -> None:
    put(ingested.world.root() / ".bill.csv", [item(1, 50.0)])
    put(ingested.world.root() / "__MACOSX" / "bill.csv", [item(1, 50.0)])
    put(ingested.world.root() / "bill.csv", [item(1)])
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-10": 1}
    ingested.world.bill([charge(cost=2.0)])
    assert states(ingested) == [("2026-10", "loaded")]
    assert loaded(ingested) == {"2026-10": 2}


def test_plain_files_are_final_when_their_rows_say_so_and_never_late(ingested: Ingested) -> None:
    file = put(ingested.world.root() / "bill.csv", [item(1, at="2026-09-05T00:00:00", bill_invoice_id="42"), item(2)])
    os.utime(file, (1, 1))
    ingested.load()
    found = ingested.rows("SELECT billing_period, is_final FROM billing_drops ORDER BY 1")
    assert [tuple(row.values()) for row in found] == [("2026-09", True), ("2026-10", False)]
    wrong = ingested.rows(read_sql(plain_files.__file__, "standing_drops"), periods=["2026-10"])
    assert wrong == []
