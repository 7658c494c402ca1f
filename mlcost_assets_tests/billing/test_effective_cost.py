"""Effective cost counts everything once, whatever the export tells of commitments and discounts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.billing.formats import CUR2, FOCUS
from mlcost_assets_tests.billing.mapped import charges, disagreements
from mlcost_assets_tests.exports import Row, charge, write_export
from mlcost_assets_tests.same_month import NOWHERE, PLAN, RESERVATION, as_focus, write_report

PLANS: Row = {"line_item_product_code": "ComputeSavingsPlans", "product_servicecode": "ComputeSavingsPlans", **NOWHERE}
UPFRONT = charge("SavingsPlanUpfrontFee", 876.0, savings_plan_savings_plan_a_r_n=PLAN, **PLANS)
RESERVED = charge("Fee", 490.0, reservation_reservation_a_r_n=RESERVATION, **NOWHERE)
SIGNED_UP = charge(
    "Fee", 490.0, line_item_line_item_description="Sign up charge for subscription: 1, planId: 2", **NOWHERE
)


def told(root: Path, rows: list[Row], **how: Any) -> list[dict[str, Any]]:
    write_export(root, rows, **how)
    assert disagreements(root) == []  # as `mlcost verify` sees it
    return charges(root)


def total(rows: list[dict[str, Any]], cost: str) -> Decimal:
    return sum((row[cost] for row in rows), Decimal(0))


def back(description: str, cost: float, **more: Any) -> Row:
    return charge("Refund", cost, bill_bill_type="Refund", line_item_line_item_description=description, **more)


@pytest.mark.parametrize("of_plan", [{"savings_plan_savings_plan_a_r_n": PLAN}, {}])
@pytest.mark.parametrize("usage_type", [None, "ComputeSP:1yrAllUpfront"])
def test_a_plans_fee_that_comes_back_was_in_no_effective_cost_and_is_taken_out_of_none(
    tmp_path: Path, of_plan: Row, usage_type: str | None
) -> None:
    returned = back("Refund for one-time fee for Savings Plan ID: 1", -876.0, **PLANS | of_plan)
    discount = back("Enterprise discount", -50.0, **PLANS)
    rows = told(tmp_path, [UPFRONT, returned | {"line_item_usage_type": usage_type}, discount])
    assert [row["effective_cost"] for row in rows] == [0, 0, -50]
    assert total(rows, "billed_cost") == -50
    assert rows[1]["charge_category"] == "Purchase"


@pytest.mark.parametrize("fee", [RESERVED, SIGNED_UP])
@pytest.mark.parametrize("of_reservation", [{"reservation_reservation_a_r_n": RESERVATION}, {}])
@pytest.mark.parametrize("usage_type", [None, "HeavyUsage:m5.large"])
def test_a_reservations_fee_that_comes_back_is_taken_out_of_none(
    tmp_path: Path, fee: Row, of_reservation: Row, usage_type: str | None
) -> None:
    returned = back("Refund for one-time fee", -490.0, **NOWHERE | of_reservation)
    rows = told(tmp_path, [fee, returned | {"line_item_usage_type": usage_type}, back("Goodwill", -3.0)])
    assert [row["effective_cost"] for row in rows] == [0, 0, -3]


def test_a_fee_of_no_commitment_counts_when_it_is_paid_and_when_it_comes_back(tmp_path: Path) -> None:
    domain: Row = {"line_item_product_code": "AmazonRegistrar", **NOWHERE}
    rows = told(tmp_path, [charge("Fee", 12.0, **domain), back("Refund for one-time fee", -12.0, **domain)])
    assert [row["effective_cost"] for row in rows] == [12, -12]


@pytest.mark.parametrize("type_", ["SppDiscount", "EdpDiscount", "DistributorDiscount", "Discount"])
@pytest.mark.parametrize(
    ("net", "net_of_discount"), [(None, None), (95.0, None), (95.0, 0.0), (95.0, -5.0), (100.0, -5.0), (100.0, None)]
)
def test_every_discount_counts_once_and_is_no_usage(
    tmp_path: Path, type_: str, net: float | None, net_of_discount: float | None
) -> None:
    usage = charge(cost=100.0, line_item_net_unblended_cost=net)
    discount = charge(type_, -5.0, line_item_net_unblended_cost=net_of_discount)
    rows = told(tmp_path, [usage, discount])
    assert (total(rows, "billed_cost"), total(rows, "effective_cost"), total(rows, "list_cost")) == (95, 95, 100)
    assert [row["consumed_quantity"] for row in rows] == [1, None]


def test_net_costs_that_leave_out_more_than_the_discounts_told_as_rows_are_what_is_billed(tmp_path: Path) -> None:
    usage = charge(cost=100.0, line_item_net_unblended_cost=85.0)
    rows = told(tmp_path, [usage, charge("BundledDiscount", -5.0, line_item_net_unblended_cost=None)])
    assert [row["billed_cost"] for row in rows] == [85, 0]


HOUR: Row = {"savings_plan_savings_plan_a_r_n": PLAN}
COVERED = [
    charge(cost=10.0),
    charge("SavingsPlanCoveredUsage", 12.0, savings_plan_savings_plan_effective_cost=4.0, **HOUR),
    charge("SavingsPlanNegation", -12.0, **HOUR, **NOWHERE),
    charge(
        "SavingsPlanRecurringFee", 7.0, savings_plan_total_commitment_to_date=7.0, savings_plan_used_commitment=4.0,
        **HOUR | NOWHERE,
    ),
    charge("DiscountedUsage", 0.0, reservation_effective_cost=20.0, pricing_public_on_demand_cost=30.0),
    charge("RIFee", 22.32, reservation_unused_recurring_fee=2.32, **NOWHERE),
]  # fmt: skip
PLAN_COLUMN, RESERVATION_COLUMN = "savings_plan_savings_plan_effective_cost", "reservation_effective_cost"
USED, UNUSED = "savings_plan_used_commitment", "reservation_unused_recurring_fee"


def lacking(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    columns = {row["x_lacking_column"] for row in rows} - {None}
    return {one: sum(row["effective_cost"] for row in rows if row["x_lacking_column"] == one) for one in columns}


@pytest.mark.parametrize(
    ("without", "wanting"),
    [
        ([], {}),
        ([PLAN_COLUMN, RESERVATION_COLUMN], {PLAN_COLUMN: 7, RESERVATION_COLUMN: Decimal("22.32")}),
        ([PLAN_COLUMN, USED], {PLAN_COLUMN: 7}),
        ([RESERVATION_COLUMN, UNUSED, "reservation_reservation_a_r_n"], {RESERVATION_COLUMN: Decimal("22.32")}),
        # What is covered tells its part; what is left of the fees was left unused.
        ([USED], {USED: 3}),
        ([UNUSED], {UNUSED: Decimal("2.32")}),
        ([USED, "savings_plan_savings_plan_a_r_n"], {USED: 3}),
    ],
)
@pytest.mark.parametrize("how", ["not selected", "empty"])
def test_where_a_column_is_lacking_effective_cost_still_is_all_that_was_billed_and_says_so(
    tmp_path: Path, without: list[str], wanting: dict[str, Any], how: str
) -> None:
    selected = [name for name in CUR2.columns if how == "empty" or name not in without]
    rows = told(tmp_path, [row | dict.fromkeys(without) for row in COVERED], columns=selected)
    assert total(rows, "billed_cost") == total(rows, "effective_cost") == Decimal("39.32")
    assert None not in [row[cost] for row in rows for cost in ("effective_cost", "list_cost", "contracted_cost")]
    assert lacking(rows) == wanting


def test_a_legacy_report_without_columns_of_commitments_bills_and_costs_the_same(tmp_path: Path) -> None:
    few = [{k: v for k, v in row.items() if not k.startswith(("savings_plan", "reservation"))} for row in COVERED]
    write_report(tmp_path, few)
    rows = charges(tmp_path)
    assert total(rows, "billed_cost") == total(rows, "effective_cost") == Decimal("39.32")


def test_a_focus_export_without_effective_cost_says_what_of_it_is_billed_cost(tmp_path: Path) -> None:
    fee = as_focus(charge("SavingsPlanUpfrontFee", 50.0, product_sku=None, pricing_rate_code=None,
                          line_item_line_item_description="", **HOUR))  # fmt: skip
    columns = [name for name in FOCUS.columns if name != "effective_cost"]
    rows = told(tmp_path, fee, format_=FOCUS, columns=columns)
    assert lacking(rows) == {"EffectiveCost": 50}


@pytest.mark.parametrize(
    ("type_", "usage_type", "category"),
    [
        ("NewDiscount", "BoxUsage", "Usage"), ("NewFee", None, "Purchase"), ("NewTax", None, "Tax"), ("NewCredit", None, "Credit"),
        ("NewRefund", None, "Adjustment"), ("Rounding", None, "Adjustment"), ("NewUsage", "BoxUsage", "Usage"),
    ],
)  # fmt: skip
def test_a_type_that_is_new_is_told_by_how_its_name_ends(
    tmp_path: Path, type_: str, usage_type: str | None, category: str
) -> None:
    (row,) = told(tmp_path, [charge(type_, 3.0, line_item_usage_type=usage_type)])
    assert (row["charge_category"], row["billed_cost"], row["effective_cost"]) == (category, 3, 3)
