"""The legacy Cost and Usage Report: Parquet for Athena, gzip and ZIP CSV, both versions, tags as columns."""

import csv
import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.billing.plan import make_plan
from mlcost_assets_tests.billing.conftest import Ingested

HEADER = {
    "bill_payer_account_id": "bill/PayerAccountId",
    "bill_billing_period_start_date": "bill/BillingPeriodStartDate",
    "line_item_usage_account_id": "lineItem/UsageAccountId",
    "line_item_line_item_type": "lineItem/LineItemType",
    "line_item_usage_start_date": "lineItem/UsageStartDate",
    "line_item_usage_end_date": "lineItem/UsageEndDate",
    "line_item_unblended_cost": "lineItem/UnblendedCost",
    "line_item_product_code": "lineItem/ProductCode",
    "line_item_resource_id": "lineItem/ResourceId",
    "product": "product/ProductName",
    "region": "product/region",
    "team": "resourceTags/user:Team",
    "Team": "resourceTags/user:team",
    "created": "resourceTags/aws:createdBy",
    "category": "costCategory/Business Unit",
}


def row(cost: str, **more: str) -> dict[str, str]:
    return {
        "bill_payer_account_id": "011254002932",
        "bill_billing_period_start_date": "2018-10-01T00:00:00Z",
        "line_item_usage_account_id": "011254002932",
        "line_item_line_item_type": "Usage",
        "line_item_usage_start_date": "2018-10-05T14:00:00Z",
        "line_item_usage_end_date": "2018-10-05T15:00:00Z",
        "line_item_unblended_cost": cost,
        "line_item_product_code": "AmazonEC2",
        "product": "Amazon Elastic Compute Cloud",
        "region": "us-east-1",
    } | more


def as_csv(rows: list[dict[str, str]], without: tuple[str, ...] = ()) -> bytes:
    names = [name for name in HEADER if name not in without]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([HEADER[name] for name in names])
    writer.writerows([[one.get(name, "") for name in names] for one in rows])
    return text.getvalue().encode()


def deliver(
    root: Path, content: bytes, *, packed: str = "gz", assembly: str | None = None, root_in_bucket: str = "reports"
) -> Path:
    """One delivery of October 2018, as AWS lays out new versions (`assembly`) or an overwritten report."""
    folder = root / "20181001-20181101"
    place = folder / assembly if assembly else folder
    place.mkdir(parents=True, exist_ok=True)
    data = place / f"report-1.csv.{packed}"
    if packed == "zip":
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("report-1.csv", content)
    else:
        data.write_bytes(gzip.compress(content))
    manifest: dict[str, Any] = {
        "assemblyId": assembly or "one", "reportKeys": [f"{root_in_bucket}/{data.relative_to(root)}"], "columns": [],
        "billingPeriod": {"start": "20181001T000000.000Z", "end": "20181101T000000.000Z"},
    }  # fmt: skip
    for target in {folder, place}:
        (target / "report-Manifest.json").write_text(json.dumps(manifest))
    return folder / "report-Manifest.json"


@pytest.mark.parametrize("packed", ["gz", "zip"])
@pytest.mark.parametrize("assembly", [None, "16e57707-f9e3-49be-8be6-b84e684b5194"])
def test_both_packings_and_both_versions_are_read(ingested: Ingested, packed: str, assembly: str | None) -> None:
    deliver(ingested.world.root(), as_csv([row("1.5"), row("2.25")]), packed=packed, assembly=assembly)
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.period, outcome.billed_cost) == ("loaded", "2018-10", Decimal("3.75"))
    assert ingested.rows("SELECT format FROM billing_drops") == [{"format": "cur"}]


def test_a_row_is_what_it_is_in_cur_2(ingested: Ingested) -> None:
    deliver(
        ingested.world.root(),
        as_csv([row("1.5", line_item_resource_id="i-1", team="risk", created="Root:x", category="pay")]),
    )
    ingested.load()
    (charge,) = ingested.rows()
    assert (charge["billing_account_id"], charge["region_id"], charge["service_name"]) == (
        "011254002932", "us-east-1", "Amazon Elastic Compute Cloud",
    )  # fmt: skip
    assert charge["tags"] == {"Team": "risk", "aws:createdBy": "Root:x"}
    assert charge["x_cost_categories"] == {"Business Unit": "pay"}
    assert charge["resource_id"] == "i-1"


def test_tags_that_differ_only_in_case_are_two_tags(ingested: Ingested) -> None:
    deliver(ingested.world.root(), as_csv([row("1", team="risk", Team="growth")]))
    ingested.load()
    assert ingested.rows()[0]["tags"] == {"Team": "risk", "team": "growth"}


def test_a_report_without_resource_ids_is_read(ingested: Ingested) -> None:
    deliver(ingested.world.root(), as_csv([row("1")], without=("line_item_resource_id", "team", "Team")))
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    assert ingested.rows()[0]["resource_id"] is None


def test_rows_may_leave_out_their_last_empty_cells(ingested: Ingested) -> None:
    lines = as_csv([row("1"), row("2")]).split(b"\r\n")
    short = [lines[0], *(line.rsplit(b",", 2)[0] for line in lines[1:3]), b""]
    deliver(ingested.world.root(), b"\r\n".join(short))
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.billed_cost) == ("loaded", 3)


def test_the_newest_version_replaces_the_one_before(ingested: Ingested) -> None:
    for assembly, cost in (("20181002T000000Z", "1"), ("20181003T000000Z", "5")):
        deliver(ingested.world.root(), as_csv([row(cost)]), assembly=assembly)
        ingested.load()
    assert ingested.rows("SELECT sum(billed_cost) AS billed FROM line_items") == [{"billed": Decimal(5)}]


def test_the_root_may_lie_higher_and_the_bucket_may_be_a_copy(ingested: Ingested) -> None:
    deliver(ingested.world.root() / "prefix" / "report", as_csv([row("1")]), root_in_bucket="elsewhere/prefix/report")
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]


def test_a_damaged_zip_rejects_its_drop(ingested: Ingested) -> None:
    deliver(ingested.world.root(), as_csv([row("1")] * 200), packed="zip")
    (data,) = ingested.world.root().rglob("*.zip")
    data.write_bytes(data.read_bytes()[:-30])
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert "is not a zip file" in str(outcome.reason)


def test_a_report_whose_manifest_is_not_there_yet_is_waited_for(ingested: Ingested) -> None:
    deliver(ingested.world.root(), as_csv([row("1")]))
    early = ingested.world.root() / "20181101-20181201"
    early.mkdir()
    (early / "report-1.csv.gz").write_bytes(gzip.compress(as_csv([row("1")])))
    plan = make_plan(ingested.world.config, ingested.lake.connection, look_at_files=True)
    assert [manifest.period for manifest in plan.pending] == ["2018-10"]
    assert plan.problems == ["payer 2018-11 is waiting: it has data files but no manifest, which AWS writes last"]
