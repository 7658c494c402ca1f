"""CUR 2.0 → FOCUS, row type by row type (reference focus.md, section 3)."""

from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge

PLAN = "arn:aws:savingsplans::111111111111:savingsplan/1"
RESERVATION = "arn:aws:ec2:us-east-1:222222222222:reserved-instances/1"


def mapped(ingested: Ingested, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The charges of `rows`; whatever the rows, they bill what was exported."""
    ingested.world.bill(list(rows))
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    charges = ingested.rows("FROM line_items ORDER BY x_source_row, charge_category")
    exported = sum(Decimal(str(row["line_item_unblended_cost"])) for row in rows)
    assert sum(one["billed_cost"] for one in charges if not one["is_split_cost"]) == exported
    return charges


def costs(charge: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(charge[name] for name in ("billed_cost", "effective_cost", "list_cost", "contracted_cost"))


def what(charge: dict[str, Any]) -> tuple[str | None, ...]:
    return charge["charge_category"], charge["charge_frequency"], charge["pricing_category"]


def test_usage_costs_what_was_used(ingested: Ingested) -> None:
    (usage,) = mapped(ingested, charge("Usage", 0.5, pricing_public_on_demand_cost=0.6))
    assert what(usage) == ("Usage", "Usage-Based", "Standard")
    assert costs(usage) == (Decimal("0.5"), Decimal("0.5"), Decimal("0.6"), Decimal("0.5"))
    assert (usage["consumed_quantity"], usage["pricing_unit"]) == (1, "Hours")  # as FOCUS writes Hrs
    assert (usage["service_name"], usage["service_category"]) == ("Amazon Elastic Compute Cloud", "Compute")
    assert usage["charge_period_end"].isoformat() == "2026-10-05T15:00:00"  # exclusive, AWS wrote 14:59:59


def test_spot_is_dynamic_and_has_no_list_price(ingested: Ingested) -> None:
    (spot,) = mapped(
        ingested, charge("Usage", 0.2, line_item_usage_type="SpotUsage:g5.xlarge", pricing_public_on_demand_cost=0.0)
    )
    assert what(spot) == ("Usage", "Usage-Based", "Dynamic")
    assert costs(spot)[2] == Decimal("0.2")


def test_a_reservations_usage_is_billed_nothing_and_amortised(ingested: Ingested) -> None:
    row = charge(
        "DiscountedUsage",
        0.0,
        pricing_public_on_demand_cost=0.085,
        reservation_effective_cost=0.05145662,
        reservation_reservation_a_r_n=RESERVATION,
    )
    (used,) = mapped(ingested, row)
    assert what(used) == ("Usage", "Usage-Based", "Committed")
    assert costs(used) == (0, Decimal("0.05145662"), Decimal("0.085"), Decimal("0.085"))
    assert (used["commitment_discount_category"], used["commitment_discount_status"]) == ("Usage", "Used")


def test_a_reservations_fee_is_a_purchase_and_its_unused_part(ingested: Ingested) -> None:
    fee = charge(
        "RIFee", 22.32, line_item_resource_id="", reservation_reservation_a_r_n=RESERVATION,
        reservation_unused_amortized_upfront_fee_for_billing_period=22.3369863, reservation_unused_recurring_fee=22.32,
    )  # fmt: skip
    purchase, unused = mapped(ingested, fee)
    assert what(purchase) == ("Purchase", "Recurring", "Standard")
    assert costs(purchase)[:2] == (Decimal("22.32"), 0)
    assert what(unused) == ("Usage", "Usage-Based", "Committed")
    assert costs(unused) == (0, Decimal("44.6569863"), 0, 0)
    assert (purchase["commitment_discount_status"], unused["commitment_discount_status"]) == (None, "Unused")
    assert purchase["x_source_row"] == unused["x_source_row"]


def test_a_savings_plan_and_its_negation_are_billed_nothing(ingested: Ingested) -> None:
    covered = charge(
        "SavingsPlanCoveredUsage",
        10.0,
        savings_plan_savings_plan_a_r_n=PLAN,
        savings_plan_savings_plan_effective_cost=7.0,
    )
    negation = charge("SavingsPlanNegation", -10.0, line_item_resource_id="", savings_plan_savings_plan_a_r_n=PLAN)
    used, negated = mapped(ingested, covered, negation)
    assert costs(used) == (0, 7, 10, 10)
    assert (what(used)[2], used["commitment_discount_status"], used["x_unblended_cost"]) == ("Committed", "Used", 10)
    assert costs(negated) == (0, 0, 0, 0)
    assert negated["consumed_quantity"] is None  # counting it would double the usage


@pytest.mark.parametrize(
    ("amounts", "billed"),
    [
        ([10.0, -9.5], [0, Decimal("0.5")]),  # the residual stays on the negation
        ([10.0, 5.0, -15.5, 0.25], [0, 0, Decimal("-0.25"), 0]),  # on one of them only
        ([10.0], [10]),  # nothing negates it
        ([-3.0], [-3]),
    ],
)
def test_the_residual_of_a_negation_is_kept(ingested: Ingested, amounts: list[float], billed: list[Decimal]) -> None:
    rows = [
        charge(
            "SavingsPlanCoveredUsage" if amount > 1 else "SavingsPlanNegation",
            amount,
            savings_plan_savings_plan_a_r_n=PLAN,
        )
        for amount in amounts
    ]
    assert [one["billed_cost"] for one in mapped(ingested, *rows)] == billed


def test_a_savings_plans_fee_is_a_purchase_and_what_was_not_used(ingested: Ingested) -> None:
    fee = charge(
        "SavingsPlanRecurringFee", 5.0, line_item_resource_id="", savings_plan_savings_plan_a_r_n=PLAN,
        savings_plan_total_commitment_to_date=5.0, savings_plan_used_commitment=3.2,
    )  # fmt: skip
    purchase, unused = mapped(ingested, fee)
    assert (costs(purchase)[:2], costs(unused)[:2]) == ((5, 0), (0, Decimal("1.8")))


@pytest.mark.parametrize(
    ("row", "category", "frequency", "pricing", "effective"),
    [
        (charge("SavingsPlanUpfrontFee", 100.0, savings_plan_savings_plan_a_r_n=PLAN), "Purchase", "One-Time", "Standard", 0),
        (charge("Fee", 100.0, reservation_reservation_a_r_n=RESERVATION), "Purchase", "One-Time", "Standard", 0),
        (charge("Fee", 12.0, line_item_product_code="AWSSupportBusiness"), "Purchase", "Recurring", "Standard", 12),
        (charge("Tax", 3.0, line_item_usage_type=None), "Tax", "One-Time", None, 3),
        (charge("Credit", -3.0), "Credit", "One-Time", "Other", -3),
        (charge("Refund", -2.0), "Usage", "Usage-Based", None, -2),
        (charge("Refund", -2.0, line_item_usage_type=None, line_item_tax_type="VAT"), "Tax", "One-Time", None, -2),
        (charge("Refund", -2.0, line_item_usage_type=None), "Adjustment", "One-Time", None, -2),
        (charge("EdpDiscount", -1.0), "Usage", "Usage-Based", "Standard", -1),
        (charge("FlatRateSubscription", 9.0), "Purchase", "Recurring", "Standard", 9),
        (charge("SomethingNew", 4.0), "Usage", "Usage-Based", "Standard", 4),
    ],
)  # fmt: skip
def test_every_other_type_has_its_category(
    ingested: Ingested, row: dict[str, Any], category: str, frequency: str, pricing: str | None, effective: int
) -> None:
    (one,) = mapped(ingested, row)
    assert (*what(one), one["effective_cost"]) == (category, frequency, pricing, effective)


def test_tax_has_no_prices_and_no_quantities(ingested: Ingested) -> None:
    (tax,) = mapped(ingested, charge("Tax", 3.0, product_sku="SKU", pricing_rate_code="RATE"))
    empty = ("pricing_quantity", "pricing_unit", "list_unit_price", "sku_id", "sku_price_id", "consumed_quantity")
    assert [tax[name] for name in empty] == [None] * len(empty)


def test_split_cost_rows_stand_in_the_bill_and_count_in_no_total(ingested: Ingested) -> None:
    pod = charge(
        "Usage", 0.0, line_item_operation="EKSPod-EC2", split_line_item_parent_resource_id="i-0abc",
        split_line_item_split_cost=0.3, split_line_item_unused_cost=0.1, split_line_item_public_on_demand_split_cost=0.4,
    )  # fmt: skip
    (row,) = mapped(ingested, pod)
    assert row["is_split_cost"]
    assert (row["effective_cost"], row["x_unused_split_cost"], row["list_cost"]) == (
        Decimal("0.3"),
        Decimal("0.1"),
        Decimal("0.4"),
    )
    assert row["x_split_parent_resource_id"] == "i-0abc"


def test_net_costs_count_where_the_export_has_them(ingested: Ingested) -> None:
    ingested.world.bill([charge("Usage", 10.0, line_item_net_unblended_cost=9.0), charge("Tax", 1.0)])
    (outcome,) = ingested.load()
    assert outcome.billed_cost == 10
    assert [row["net"] for row in ingested.rows("FROM billing_drops")] == [True]


def test_discounts_as_rows_mean_gross_costs_everywhere(ingested: Ingested) -> None:
    ingested.world.bill([charge("Usage", 10.0, line_item_net_unblended_cost=9.0), charge("EdpDiscount", -1.0)])
    (outcome,) = ingested.load()
    assert (outcome.billed_cost, ingested.rows("FROM billing_drops")[0]["net"]) == (9, False)


def test_tags_have_bare_user_keys_and_awss_own_keep_theirs(ingested: Ingested) -> None:
    tags = {"user_team": "risk", "aws_eks_cluster_name": "prod"}
    (row,) = mapped(ingested, charge(resource_tags=tags, tags={"accountTag/owner": "a"}))
    assert row["tags"] == {"team": "risk", "aws_eks_cluster_name": "prod", "accountTag/owner": "a"}


def test_an_export_may_select_few_columns(ingested: Ingested) -> None:
    few = [
        "bill_payer_account_id",
        "line_item_usage_account_id",
        "line_item_line_item_type",
        "line_item_unblended_cost",
        "line_item_usage_start_date",
    ]
    ingested.world.bill([charge(cost=2.5)], columns=few)
    assert [outcome.state for outcome in ingested.load()] == ["loaded"]
    (row,) = ingested.rows()
    assert (row["billed_cost"], row["resource_id"], row["tags"]) == (Decimal("2.5"), None, None)
    assert "line_item_resource_id" in ingested.rows("FROM billing_drops")[0]["notes"]


def test_an_export_without_an_essential_column_is_refused_by_name(ingested: Ingested) -> None:
    ingested.world.bill([charge()], columns=["line_item_unblended_cost", "bill_payer_account_id"])
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert "line_item_line_item_type" in str(outcome.reason)
    assert "SELECT" in str(outcome.reason)


def test_what_the_product_map_leaves_empty_is_unknown(ingested: Ingested) -> None:
    empty = {"product_name": "", "region_code": "", "region": "", "location": ""}
    (row,) = mapped(ingested, charge(product=empty, product_region_code=None))
    assert (row["region_id"], row["region_name"], row["service_name"]) == (None, None, "AmazonEC2")


def test_a_region_has_its_name_whatever_the_export_selects(ingested: Ingested) -> None:
    (row,) = mapped(ingested, charge(product_region_code="eu-west-1", product_location="External"))
    assert row["region_name"] == "Europe (Ireland)"


@pytest.mark.parametrize(
    ("exported", "unit"),
    [
        ("Hrs", "Hours"), ("GB-Mo", "GB-Months"), ("LCU-Hrs", "LCU-Hours"), ("Obj-Month", "Obj-Months"), ("days", "Days"),
        ("Lambda-GB-Second", "Lambda-GB-Seconds"), ("1K tokens", "1000 Tokens"), ("Requests", "Requests"), ("GB", "GB"),
    ],
)  # fmt: skip
def test_units_are_written_as_focus_and_awss_own_focus_exports_do(ingested: Ingested, exported: str, unit: str) -> None:
    (row,) = mapped(ingested, charge(pricing_unit=exported))
    assert (row["pricing_unit"], row["consumed_unit"]) == (unit, unit)


@pytest.mark.parametrize(
    ("exported", "status"), [("Used", "Used"), ("Reserved", "Used"), ("Unused", "Unused"), ("Cancelled", "Unused")]
)
def test_a_capacity_reservation_is_used_or_not(ingested: Ingested, exported: str, status: str) -> None:
    arn = "arn:aws:ec2:us-east-1:222222222222:capacity-reservation/cr-1"
    (row,) = mapped(
        ingested,
        charge(
            capacity_reservation_capacity_reservation_arn=arn,
            capacity_reservation_capacity_reservation_status=exported,
        ),
    )
    assert (row["capacity_reservation_id"], row["capacity_reservation_status"]) == (arn, status)
