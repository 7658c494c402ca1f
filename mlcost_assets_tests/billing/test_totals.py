"""What is known of a loaded drop: its totals, currencies apart, and what the checks of a period look at."""

from decimal import Decimal

import pytest

from mlcost_assets.billing import replace
from mlcost_assets.lake.sql import read_sql
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import Row, charge
from mlcost_assets_tests.world import World

RESERVATION: Row = {"reservation_reservation_a_r_n": "arn:aws:ec2:us-east-1:222222222222:reserved-instances/1"}
PLAN: Row = {"savings_plan_savings_plan_a_r_n": "arn:aws:savingsplans::111111111111:savingsplan/1"}
INVOICED: Row = {"bill_invoice_id": "INV-1"}


def test_several_currencies_are_kept_apart_and_never_added(ingested: Ingested) -> None:
    euros = charge(cost=2.0, line_item_currency_code="EUR")
    bad = charge(line_item_unblended_cost="much", line_item_currency_code="EUR")
    ingested.world.bill([charge(cost=1.0), euros, euros, bad], kind="csv")
    (outcome,) = ingested.load()
    assert (outcome.state, outcome.rows, outcome.billed_cost) == ("loaded", 4, None)
    assert ingested.rows("SELECT billing_currency, billed_cost, quarantined_rows FROM billing_drops") == [
        {"billing_currency": "EUR,USD", "billed_cost": None, "quarantined_rows": 1}
    ]
    totals = "SELECT billing_currency, rows, quarantined_rows, billed_cost FROM drop_totals ORDER BY ALL"
    assert [tuple(row.values()) for row in ingested.rows(totals)] == [
        ("EUR", 3, 1, Decimal(4)),
        ("USD", 1, 0, Decimal(1)),
    ]
    assert [row["billing_currency"] for row in ingested.rows("FROM quarantined_rows")] == ["EUR"]


def test_money_that_changed_its_currency_is_missing(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(module: str, name: str) -> str:
        told = "row_currency AS billing_currency"
        assert name != "cur2" or told in read_sql(module, name)
        return read_sql(module, name).replace(told, "'USD' AS billing_currency")

    monkeypatch.setattr(replace, "read_sql", mistaken)
    ingested.world.bill([charge(cost=1.0), charge(cost=2.0, line_item_currency_code="EUR")])
    (outcome,) = ingested.load()
    assert outcome.state == "rejected"
    assert outcome.reason == "1 rows were read, but 0 written and 0 set aside in EUR"
    assert ingested.rows("SELECT count(*) AS rows FROM line_items") == [{"rows": 0}]


@pytest.mark.parametrize(
    ("invoices", "is_final"),
    [(["INV-1", "INV-2"], True), (["INV-1", ""], False), ([None, None], False)],
)
def test_a_month_is_final_when_every_charge_that_costs_something_is_invoiced(
    ingested: Ingested, invoices: list[str | None], is_final: bool
) -> None:
    free = charge(cost=0.0)
    ingested.world.bill([free, *(charge(bill_invoice_id=invoice) for invoice in invoices)])
    ingested.load()
    assert ingested.rows("SELECT is_final FROM billing_drops") == [{"is_final": is_final}]


def test_what_covers_and_idles_amortises_to_fees_and_upfront_parts(ingested: Ingested) -> None:
    used = charge("DiscountedUsage", 0.0, reservation_effective_cost=7.5, **RESERVATION)
    fee = charge(
        "RIFee", 6.0, **RESERVATION, reservation_amortized_upfront_fee_for_billing_period=4.0,
        reservation_unused_amortized_upfront_fee_for_billing_period=1.0, reservation_unused_recurring_fee=1.5,
    )  # fmt: skip
    covered = charge("SavingsPlanCoveredUsage", 9.0, savings_plan_savings_plan_effective_cost=3.0, **PLAN)
    plan = charge(
        "SavingsPlanRecurringFee", 2.5, **PLAN, savings_plan_total_commitment_to_date=5.0, savings_plan_used_commitment=3.0,
        savings_plan_amortized_upfront_commitment_for_billing_period=2.5,
    )  # fmt: skip
    ingested.world.bill([used, fee, covered, charge("SavingsPlanNegation", -9.0, **PLAN), plan])
    ingested.load()
    sides = "SELECT COLUMNS('(reservations|savings_plans)_.*') FROM drop_totals"
    assert [tuple(row.values()) for row in ingested.rows(sides)] == [(10, 10, 5, 5)]


def test_where_a_part_is_not_told_nothing_is_said_to_amortise(ingested: Ingested) -> None:
    ingested.world.bill([charge("SavingsPlanRecurringFee", 5.0, **PLAN), charge("RIFee", 5.0, **RESERVATION)])
    ingested.load()
    sides = "SELECT COLUMNS('(reservations|savings_plans)_.*') FROM drop_totals"
    assert [tuple(row.values()) for row in ingested.rows(sides)] == [(None, None, None, None)]


def findings(world: World) -> dict[str, str]:
    """What the refresh says of the checks of line_items that a person should look at."""
    lines = [line for line in world.refresh().warnings if line.startswith("line_items · ")]
    return dict(line.removeprefix("line_items · ").split(": ", 1) for line in lines)


def test_what_is_odd_in_a_period_is_said_until_it_is_mended(world: World) -> None:
    september: list[Row] = [charge(cost=1.0, at=f"2026-09-{day:02}T00:00:00", **INVOICED) for day in range(1, 6)]
    fee = charge(
        "RIFee", 6.0, at="2026-09-01T00:00:00", reservation_amortized_upfront_fee_for_billing_period=4.0, **RESERVATION, **INVOICED
    )  # fmt: skip
    used = charge("DiscountedUsage", 0.0, at="2026-09-03T00:00:00", reservation_effective_cost=9.0, **RESERVATION)
    world.bill([*september, fee, used], period="2026-09")
    once = charge(cost=1.0, at="2026-10-03T00:00:00", identity_line_item_id="x", identity_time_interval="an hour")
    nameless = charge(cost=5.0, at="2026-10-04T00:00:00", line_item_resource_id="")
    new = charge("NewType", 0.5, at="2026-10-04T00:00:00", line_item_currency_code="EUR")
    world.bill([once, once, nameless, new])
    assert findings(world) == {
        "effective_cost_is_told": "payer 2026-09: reservation_unused_recurring_fee is missing or empty, so 1.00 USD of effective cost"
        " is what was billed or is left over; add it to the SELECT of the data export's query",
        "every_day_has_usage": "payer 2026-09 has no usage on 2026-09-06 to 2026-09-30;"
        " payer 2026-10 has no usage on 2026-10-01 to 2026-10-02",
        "one_currency": "payer 2026-10 is in EUR and USD",
        "rows_are_told_once": "payer 2026-10: 1 rows carry the line-item id and time of another row",
        "types_are_known": "payer 2026-10 has 1 rows of type NewType",
        "usage_names_resources": "payer 2026-10: 71 % of the usage cost (5.00 USD) names no resource; let the export include resource ids",
    }  # fmt: skip
    # All of it counts nevertheless.
    billed = "SELECT billing_currency, sum(billed_cost) FROM line_items WHERE billing_period = '2026-10' GROUP BY 1 ORDER BY 1"
    assert world.query(billed) == [("EUR", Decimal("0.5")), ("USD", Decimal(7))]

    world.bill([charge(at=f"2026-10-{day:02}T00:00:00") for day in range(1, 5)], execution="mended")
    assert set(findings(world)) == {"effective_cost_is_told", "every_day_has_usage"}  # September stands as it was
