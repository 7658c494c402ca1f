"""AWS FOCUS exports: read by column name, whatever the version."""

import csv
import gzip
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets.billing import formats
from mlcost_assets.billing.formats import FOCUS
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.quality.summary import summary
from mlcost_assets_tests.billing.conftest import Ingested


def focus(**more: Any) -> dict[str, Any]:
    """A FOCUS row: a day of an EC2 instance unless `more` says otherwise."""
    return {
        "billed_cost": 2.4192, "effective_cost": 2.4192, "list_cost": 2.5, "contracted_cost": 2.4192,
        "billing_account_id": "011111111111", "billing_currency": "USD",
        "billing_period_start": datetime(2026, 10, 1), "billing_period_end": datetime(2026, 11, 1),
        "charge_period_start": datetime(2026, 10, 2), "charge_period_end": datetime(2026, 10, 3),
        "charge_category": "Usage", "provider_name": "AWS", "service_name": "Amazon Elastic Compute Cloud",
        "x_service_code": "AmazonEC2", "resource_id": "i-0abc", "tags": {"user:team": "risk"},
    } | more  # fmt: skip


def test_a_focus_row_is_taken_as_it_is(ingested: Ingested) -> None:
    ingested.world.bill([focus()], format_=FOCUS, kind="csv")
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    (row,) = ingested.rows()
    assert row["billed_cost"] == row["x_unblended_cost"] == Decimal("2.4192")
    assert row["list_cost"] == Decimal("2.5")
    assert (row["billing_account_id"], row["tags"]) == ("011111111111", {"team": "risk"})
    assert (row["provider_name"], row["service_provider_name"], row["x_line_item_type"]) == ("AWS", "AWS", None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (focus(billed_cost="12,34"), "BilledCost is no number: 12,34"),
        (focus(billed_cost=""), "BilledCost is no number: empty"),
        (focus(charge_category="Consumption"), "ChargeCategory is none of FOCUS: Consumption"),
        (focus(billing_currency=""), "BillingCurrency is empty"),
        (focus(charge_period_start="soon"), "ChargePeriodStart is no time"),
        (focus(provider_name="Microsoft"), "not an AWS charge: Microsoft"),
        (focus(billing_period_start="2026-09-01T00:00:00Z"), "belongs to another billing period: 2026-09"),
    ],
)
def test_what_is_no_charge_is_set_aside_with_its_reason(ingested: Ingested, row: dict[str, Any], reason: str) -> None:
    ingested.world.bill([focus(), row], format_=FOCUS, kind="csv")
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.billed_cost) == ("loaded", Decimal("2.4192"))
    (bad,) = ingested.rows("FROM quarantined_rows")
    assert (bad["reason"], bad["source_row"]) == (reason, 1)
    assert bad["source_file"].endswith("payer-00001.csv.gz")


def test_rows_of_other_providers_are_kept_out_and_counted_and_no_fault(ingested: Ingested) -> None:
    others = [focus(provider_name="Microsoft")] * 2 + [focus(provider_name="Oracle", billed_cost="free")]
    ingested.world.bill([focus(), *others], format_=FOCUS, kind="csv")
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["rows"], drop["quarantined_rows"], drop["other_provider_rows"]) == (4, 3, 3)
    assert drop["notes"].startswith("rows of other providers, kept out of the bill: Microsoft 2, Oracle 1")
    assert list(summary(ingested.lake.connection, ["2026-10"])) == [
        "2026-10  3 rows of other providers (4.84 USD) kept out: only charges of AWS are read"
    ]
    wrong = read_sql(formats.__file__, "standing_drops")
    assert ingested.rows(wrong, periods=["2026-10"]) == []
    # More of them are no worse delivery; a row of AWS that cannot be read is.
    ingested.world.bill([focus(), *others, *others], format_=FOCUS, kind="csv", execution="2")
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    ingested.world.bill([focus(), *others, focus(billed_cost="")], format_=FOCUS, kind="csv", execution="3")
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert str(outcome.reason).startswith("1 rows cannot be read (first: BilledCost is no number: empty")


NAMELESS = {"provider_name": "", "x_service_code": "", "resource_id": "", "service_name": "Things"}


@pytest.mark.parametrize(
    ("row", "is_ours"),
    [
        ({"invoice_issuer_name": "AMAZON WEB SERVICES INDIA PRIVATE LIMITED"}, True),
        ({"invoice_issuer_name": "aws emea sarl"}, True),
        ({"x_service_code": "5hnnev4d0v7"}, True),  # a product of the marketplace
        ({"x_service_code": "5hnnev4d0v7", "invoice_issuer_name": "Red Hat Inc."}, True),
        ({"service_name": "AWS Support"}, True),
        ({"resource_id": "arn:aws-cn:s3:::x"}, True),
        ({"invoice_issuer_name": "Lawson Ltd"}, False),
        ({"provider_name": "Microsoft", "x_service_code": "Storage"}, False),
    ],
)
def test_a_row_is_awss_where_a_name_or_awss_own_columns_say_so(
    ingested: Ingested, row: dict[str, Any], is_ours: bool
) -> None:
    names = ", ".join(f"nullif('{(NAMELESS | row).get(name, '')}', '') AS {name}" for name in FOCUS.columns)
    assert ingested.rows(f"SELECT {formats.is_ours()} AS found FROM (SELECT {names})") == [{"found": is_ours}]


def test_a_row_that_names_nobody_is_the_exports_own(ingested: Ingested) -> None:
    ingested.world.bill([focus(), focus(**NAMELESS)], format_=FOCUS, kind="csv")
    assert [outcome.billed_cost for outcome in ingested.load()] == [Decimal("4.8384")]


def test_a_file_that_nothing_says_is_awss_is_refused_with_the_column_to_select(ingested: Ingested) -> None:
    few = [
        "billed_cost",
        "billing_account_id",
        "billing_currency",
        "charge_category",
        "charge_period_start",
        "service_name",
    ]
    ingested.world.bill([focus(**NAMELESS)], format_=FOCUS, kind="csv", columns=few)
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert "no provider is named: where ProviderName is not in the file, add it to the SELECT" in str(outcome.reason)


def test_a_delivery_of_a_data_export_is_awss_whatever_it_names(ingested: Ingested) -> None:
    few = [
        "billed_cost",
        "billing_account_id",
        "billing_currency",
        "charge_category",
        "charge_period_start",
        "service_name",
    ]
    manifest = ingested.world.bill([focus(**NAMELESS)], format_=FOCUS, kind="csv", columns=few)
    arn = '"exportArn": "arn:aws-us-gov:bcm-data-exports:us-gov-west-1:111111111111:export/x"'
    manifest.write_text(manifest.read_text().replace("{", f"{{{arn}, ", 1))
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]


def test_a_month_of_other_providers_alone_is_loaded_and_bills_nothing(ingested: Ingested) -> None:
    ingested.world.bill([focus(provider_name="Microsoft", billing_currency="EUR")], format_=FOCUS, kind="csv")
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.billed_cost, outcome.of_others) == ("loaded", 0, 1)
    ingested.world.bill(
        [focus(), focus(provider_name="Microsoft", billing_currency="EUR")], format_=FOCUS, execution="2"
    )
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    findings = ingested.rows(read_sql(formats.__file__, "standing_totals"), most_unnamed=1)
    assert [one for one in findings if one["finding"] == "currencies"] == []


def test_usage_type_comes_from_the_meter_where_focus_1_2_has_no_column_for_it(ingested: Ingested) -> None:
    columns = [name for name in FOCUS.columns if name != "x_usage_type"]
    rows = [focus(sku_meter="USE1-Train:ml.g5.xlarge"), focus(sku_meter="Instance usage")]
    ingested.world.bill(rows, format_=FOCUS, kind="csv", columns=columns)
    ingested.load()
    found = ingested.rows("SELECT x_usage_type FROM line_items ORDER BY x_source_row")
    assert [row["x_usage_type"] for row in found] == ["USE1-Train:ml.g5.xlarge", None]


def test_values_of_more_than_ten_decimals_are_rounded_once_and_the_rounding_is_told(ingested: Ingested) -> None:
    ingested.world.bill(
        [focus(billed_cost="0.123456789012"), focus(billed_cost="0.00000000004")], format_=FOCUS, kind="csv"
    )
    (outcome,) = ingested.load()
    assert outcome.billed_cost == Decimal("0.1234567890")
    assert ingested.rows("FROM billing_drops")[0]["rounding"] == Decimal("0.000000000052")


@pytest.mark.parametrize(
    ("usage_type", "instance_type"),
    [
        ("USE1-Train:ml.g5.2xlarge", "ml.g5.2xlarge"), ("BoxUsage:p4d.24xlarge", "p4d.24xlarge"), ("EBS:VolumeUsage.gp3", None),
        ("EUW2-BoxUsage:u-6tb1.metal", "u-6tb1.metal"), ("NatGateway-Hours", None), (None, None),
    ],
)  # fmt: skip
def test_the_instance_type_is_what_the_usage_type_ends_with(
    ingested: Ingested, usage_type: str | None, instance_type: str | None
) -> None:
    ingested.world.bill([focus(x_usage_type=usage_type)], format_=FOCUS)
    ingested.load()
    assert ingested.rows("SELECT x_instance_type FROM line_items") == [{"x_instance_type": instance_type}]


COMMON = {
    "BilledCost": "0", "EffectiveCost": "1.2", "ListCost": "2", "ContractedCost": "2", "BillingAccountId": "011111111111",
    "BillingCurrency": "USD", "BillingPeriodStart": "2026-10-01T00:00:00Z", "BillingPeriodEnd": "2026-11-01T00:00:00Z",
    "ChargePeriodStart": "2026-10-02T00:00:00Z", "ChargePeriodEnd": "2026-10-02T01:00:00Z", "ChargeCategory": "Usage",
    "ServiceName": "Amazon SageMaker", "ServiceCategory": "AI and Machine Learning", "ResourceId": "i-0abc",
    "CommitmentDiscountId": "arn:aws:savingsplans::1:savingsplan/1", "x_ServiceCode": "AmazonSageMaker",
    "InvoiceIssuerName": "Amazon Web Services, Inc.",
}  # fmt: skip


def delivered(ingested: Ingested, row: dict[str, str]) -> dict[str, Any]:
    """The charge for a row of CSV with just these columns, in this order."""
    manifest = ingested.world.bill([], format_=FOCUS, kind="csv")
    (file,) = ingested.world.root().rglob("*.csv.gz")
    text = io.StringIO()
    csv.writer(text).writerows([list(row), list(row.values())])
    file.write_bytes(gzip.compress(text.getvalue().encode()))
    assert [outcome.state for outcome in ingested.load()] == ["loaded"], manifest
    (charge,) = ingested.rows()
    return charge


def test_focus_1_0_preview_is_read_under_the_names_it_had(ingested: Ingested) -> None:
    preview = {
        "ProviderName": "AWS", "PublisherName": "AWS", "Region": "us-east-1", "UsageQuantity": "3", "UsageUnit": "Hours",
        "ChargeSubcategory": "Used Commitment", "x_UsageType": "USE1-Host:ml.m5.large",
    }  # fmt: skip
    charge = delivered(ingested, COMMON | preview)
    assert (charge["region_id"], charge["region_name"]) == ("us-east-1", "US East (N. Virginia)")
    assert (charge["consumed_quantity"], charge["consumed_unit"]) == (3, "Hours")
    assert (charge["commitment_discount_status"], charge["effective_cost"]) == ("Used", Decimal("1.2"))
    assert charge["service_subcategory"] == "Machine Learning"  # as the service has it; a column since 1.1


def test_focus_1_3_brings_its_providers_and_what_the_provider_allocated_itself(ingested: Ingested) -> None:
    new = {
        "ProviderName": "AWS", "PublisherName": "Datadog", "HostProviderName": "AWS", "ServiceProviderName": "Datadog",
        "AllocatedMethodId": "split", "AllocatedTags": '{"a": "b"}', "ContractApplied": "{}", "AllocatedResourceId": "pod-1",
    }  # fmt: skip
    charge = delivered(ingested, COMMON | new)
    assert (charge["service_provider_name"], charge["host_provider_name"], charge["publisher_name"]) == (
        "Datadog", "AWS", "Datadog",
    )  # fmt: skip
    assert (charge["allocated_method_id"], charge["allocated_resource_id"], charge["allocated_tags"]) == (
        "split", "pod-1", '{"a": "b"}',
    )  # fmt: skip
    assert charge["contract_applied"] == "{}"


def test_focus_1_4_has_no_provider_name_and_is_read_all_the_same(ingested: Ingested) -> None:
    new = {
        "ServiceProviderName": "AWS",
        "HostProviderName": "AWS",
        "InvoiceIssuerName": "AWS EMEA SARL",
        "InvoiceDetailId": "7",
    }
    charge = delivered(ingested, COMMON | new)
    assert (charge["provider_name"], charge["publisher_name"], charge["service_provider_name"]) == ("AWS", "AWS", "AWS")


def test_a_version_that_is_not_known_yet_is_read_by_the_names_of_its_columns(ingested: Ingested) -> None:
    future = dict(reversed((COMMON | {"ServiceProviderName": "AWS", "PrincipalId": "x", "x_Team": "y"}).items()))
    charge = delivered(ingested, future)
    assert (charge["effective_cost"], charge["resource_id"]) == (Decimal("1.2"), "i-0abc")
    assert "not read: x_Team, PrincipalId" in ingested.rows("SELECT notes FROM billing_drops")[0]["notes"]
