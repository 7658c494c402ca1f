"""For any month, however AWS exports it: the same billed, effective, list and contracted cost by account, service and
category; and what is effective is what is billed."""

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mlcost_assets.billing.formats import FOCUS
from mlcost_assets_tests.billing.mapped import charges
from mlcost_assets_tests.exports import Row, charge, sagemaker, write_export
from mlcost_assets_tests.same_month import FOCUS_1_0, FOCUS_1_2, NOWHERE, as_focus, write_report

PAYERS = {"111111111111": "USD", "333333333333": "CNY"}
# Ten per cent off: inside net costs, as rows, or as rows beside net costs that leave out the same.
DISCOUNTS = ("none", "net", "rows", "net and rows")
NET = {
    "line_item_unblended_cost": "line_item_net_unblended_cost",
    "reservation_effective_cost": "reservation_net_effective_cost",
    "reservation_unused_recurring_fee": "reservation_net_unused_recurring_fee",
    "savings_plan_savings_plan_effective_cost": "savings_plan_net_savings_plan_effective_cost",
    "savings_plan_recurring_commitment_for_billing_period": "savings_plan_net_recurring_commitment_for_billing_period",
}
COSTS = "sum(billed_cost) AS billed, sum(effective_cost) AS effective, sum(list_cost) AS list, sum(contracted_cost) AS contracted"
BY_ALL = f"""
    SELECT billing_account_id, sub_account_id, billing_currency, service_name, charge_category, {COSTS}
    FROM line_items GROUP BY ALL HAVING (billed, effective, list, contracted) <> (0, 0, 0, 0) ORDER BY ALL
"""

cents = st.integers(1, 10**6).map(lambda number: number / 100)
services = st.sampled_from(
    [charge, lambda type_="Usage", cost=1.0, **more: sagemaker("Host:ml.m5.large", "endpoint/a", cost) | more]
)


def plain(cost: float, service: Callable[..., Row]) -> list[Row]:
    return [service(cost=cost) | {"pricing_public_on_demand_cost": cost * 2}]


def spot(cost: float) -> list[Row]:
    return [charge(cost=cost, line_item_usage_type="SpotUsage:g5.xlarge", pricing_public_on_demand_cost=0.0)]


def once(type_: str, cost: float) -> list[Row]:
    sign = -1 if type_ in ("Credit", "Refund") else 1
    more = {} if type_ == "Refund" else NOWHERE
    return [charge(type_, sign * cost, **more | {"pricing_public_on_demand_cost": None})]


def plan(name: str, used: list[tuple[float, float]], idle: float) -> list[Row]:
    """An hour of a savings plan without an upfront fee: covered usage by price and plan, and what it left unused."""
    arn = {"savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::111111111111:savingsplan/{name}"}
    spent = float(sum(Decimal(str(cost)) for _, cost in used))
    paid = float(Decimal(str(spent)) + Decimal(str(idle)))
    negated = -float(sum(Decimal(str(price)) for price, _ in used))
    return [
        *(charge("SavingsPlanCoveredUsage", price, savings_plan_savings_plan_effective_cost=cost, **arn) for price, cost in used),
        charge("SavingsPlanNegation", negated, **arn | NOWHERE),
        charge(
            "SavingsPlanRecurringFee", paid, savings_plan_total_commitment_to_date=paid, savings_plan_used_commitment=spent,
            savings_plan_recurring_commitment_for_billing_period=paid, **arn | NOWHERE,
        ),
    ]  # fmt: skip


def reservation(name: str, used: list[float], idle: float) -> list[Row]:
    """A month of a reservation without an upfront fee."""
    arn = {"reservation_reservation_a_r_n": f"arn:aws:ec2:us-east-1:222222222222:reserved-instances/{name}"}
    paid = float(sum(map(Decimal, map(str, used)), Decimal(str(idle))))
    unused: Row = {
        "reservation_unused_recurring_fee": idle,
        "reservation_unused_amortized_upfront_fee_for_billing_period": 0.0,
    }
    return [
        *(charge("DiscountedUsage", 0.0, reservation_effective_cost=cost, pricing_public_on_demand_cost=cost * 2, **arn) for cost in used),
        charge("RIFee", paid, **unused | arn | NOWHERE),
    ]  # fmt: skip


def returned(name: str, fee: float) -> list[Row]:
    """A savings plan that was bought and given back."""
    of_plan = {"line_item_product_code": "ComputeSavingsPlans", "line_item_line_item_description": "Refund for one-time fee", "pricing_public_on_demand_cost": None,
               "savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::111111111111:savingsplan/{name}", **NOWHERE}  # fmt: skip
    return [charge("SavingsPlanUpfrontFee", fee, **of_plan), charge("Refund", -fee, bill_bill_type="Refund", **of_plan)]


names = st.sampled_from(["one", "two"])
events = st.lists(
    st.one_of(
        st.builds(plain, cents, services),
        st.builds(spot, cents),
        st.builds(once, st.sampled_from(["Tax", "Credit", "Refund", "Fee", "FlatRateSubscription"]), cents),
        st.builds(plan, names, st.lists(st.tuples(cents, cents), min_size=1, max_size=3), cents),
        st.builds(reservation, names, st.lists(cents, min_size=1, max_size=3), cents),
        st.builds(returned, names, cents),
    ),
    min_size=8,
    max_size=16,
)


def delivered(events: list[list[Row]], payers: list[str], discounts: str) -> list[Row]:
    """The rows of `events`, each billed to one of `payers`, as one bill with its `discounts`."""
    rows = []
    for number, (event, payer) in enumerate((event, payers[n % len(payers)]) for n, event in enumerate(events)):
        day = f"2026-10-{number % 28 + 1:02}T00:00:00"
        for row in event:
            billed = row | {"bill_payer_account_id": payer, "line_item_currency_code": PAYERS[payer]}
            rows.append(
                billed
                | {key: charge(at=day)[key] for key in ("line_item_usage_start_date", "line_item_usage_end_date")}
            )
    if "net" in discounts:
        rows = [row | {net: less(row[gross]) for gross, net in NET.items() if gross in row} for row in rows]
    if "rows" in discounts:
        rows += [row | as_row(row, discounts) for row in rows if row["line_item_unblended_cost"]]
    for number, row in enumerate(rows):
        row |= {"product_sku": None, "pricing_rate_code": None, "identity_line_item_id": f"item-{number}"}
        row.setdefault("line_item_line_item_description", f"charge {number}")
    return rows


def less(cost: float) -> float:
    return float(Decimal(str(cost)) * 9 / 10)


def as_row(row: Row, discounts: str) -> Row:
    """What makes of `row` the discount on it."""
    off = float(Decimal(str(row["line_item_unblended_cost"])) / -10)
    no_net = {"line_item_net_unblended_cost": 0.0} if "net" in discounts else {}
    return {
        "line_item_line_item_type": "SppDiscount",
        "line_item_unblended_cost": off,
        "pricing_public_on_demand_cost": off,
    } | no_net


def in_focus(row: Row, discounts: str) -> list[Row]:
    """AWS's FOCUS tells costs net, where the report has them net; its discounts have no list cost."""
    told = row | {gross: row[net] for gross, net in NET.items() if net in row and discounts == "net"}
    for key in ("savings_plan_total_commitment_to_date", "savings_plan_used_commitment"):
        if discounts == "net" and key in told:
            told[key] = less(told[key])
    charges = [one | {"billing_currency": row["line_item_currency_code"]} for one in as_focus(told)]
    kind, description = row["line_item_line_item_type"], row["line_item_line_item_description"]
    if kind == "SppDiscount":
        return [one | {"list_cost": 0.0} for one in charges]
    if kind == "FlatRateSubscription" or description.startswith("Refund for one-time fee"):
        effective = {} if kind == "FlatRateSubscription" else {"effective_cost": 0.0}
        return [one | {"charge_category": "Purchase", "charge_frequency": "One-Time", **effective} for one in charges]
    return charges


def as_focus_export(columns: list[str]) -> Callable[[Path, list[Row], str], Any]:
    def write(root: Path, rows: list[Row], discounts: str) -> None:
        told = [one for row in rows for one in in_focus(row, discounts)]
        write_export(root, told, format_=FOCUS, columns=columns)

    return write


SHAPES: dict[str, Callable[[Path, list[Row], str], Any]] = {
    "CUR 2.0": lambda root, rows, _: write_export(root, rows),
    "CUR 2.0 in CSV": lambda root, rows, _: write_export(root, rows, kind="csv", chunks=2),
    "CUR": lambda root, rows, _: write_report(root, rows),
    "CUR for Athena": lambda root, rows, _: write_report(root, rows, kind="parquet"),
    "FOCUS 1.0": as_focus_export(FOCUS_1_0),
    "FOCUS 1.2": as_focus_export(FOCUS_1_2),
}


# A month is small enough to be read: making a failing one smaller would take minutes.
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(events, st.sampled_from([["111111111111"], list(PAYERS)]), st.sampled_from(DISCOUNTS))
def test_every_shape_of_a_month_costs_the_same(events: list[list[Row]], payers: list[str], discounts: str) -> None:
    rows = delivered(events, payers, discounts)
    costs: dict[str, list[dict[str, Any]]] = {}
    for shape, write in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "payer"
            root.mkdir()
            write(root, rows[:1], discounts)  # restated by the whole month
            write(root, rows, discounts)
            costs[shape] = charges(root, BY_ALL)
    for shape in SHAPES:
        assert costs[shape] == costs["CUR 2.0"], shape
    exported = "line_item_net_unblended_cost" if discounts == "net" else "line_item_unblended_cost"
    for payer in payers:
        billed = sum(Decimal(str(row[exported])) for row in rows if row["bill_payer_account_id"] == payer)
        mine = [row for row in costs["CUR 2.0"] if row["billing_account_id"] == payer]
        assert sum(row["billed"] for row in mine) == billed
        assert abs(sum(row["effective"] for row in mine) - billed) < Decimal("0.00000001")
