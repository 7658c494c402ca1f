"""What a refresh prints of its months is what the published tables say, to the cent, and says how far each bill goes."""

import re
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets.automation.told import Refreshed
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World

ML_TABLES = (
    "attributed_costs WHERE is_ml",
    "model_costs",
    "team_costs WHERE is_ml",
    "environment_costs WHERE is_ml",
)


def invoiced(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"bill_invoice_id": "1"}


@pytest.fixture(scope="module")
def credited(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Refreshed]:
    """Two months of ML and other work in two currencies, with credits, refunds and charges of nobody."""
    world = World(tmp_path_factory.mktemp("credited"), exports=("payer", "euro"))
    for export, currency, size in (("payer", "USD", 1), ("euro", "EUR", 3)):
        money: dict[str, Any] = {"line_item_currency_code": currency, "bill_payer_account_id": f"{size}" * 12}
        tagged: dict[str, Any] = {"resource_tags": {"user_team": "growth"}}
        for period in ("2026-09", "2026-10"):
            when = money | {"at": f"{period}-05T14:00:00"}
            world.bill(
                [
                    sagemaker("Host:ml.m5.large", "endpoint/churn", 90.25 * size, **when, **tagged),
                    sagemaker("Host:ml.m5.large", "endpoint/mystery", 9.75 * size, **when),
                    sagemaker("Host:ml.m5.large", "endpoint/churn", -20.5 * size, **when, **tagged)
                    | {"line_item_line_item_type": "Credit"},
                    sagemaker("Host:ml.m5.large", "endpoint/mystery", -1.11 * size, **when)
                    | {"line_item_line_item_type": "Refund"},
                    charge(cost=70.0 * size, **when),
                    charge("Credit", -7.0 * size, **when),
                ],
                export=export,
                period=period,
            )
    return world, world.refresh()


def test_every_printed_total_is_that_of_the_published_tables(credited: tuple[World, Refreshed]) -> None:
    world, done = credited
    told = {}
    for line in done.lines:
        period, billed, currency, effective, ml = re.match(  # type: ignore[union-attr]
            r"(\S+) .*?billed ([\d.,]+) (\w+), effective ([\d.,]+); ML ([\d.,]+);", line
        ).groups()
        told[period, currency] = [Decimal(amount.replace(",", "")) for amount in (billed, effective, ml)]
    assert len(told) == 4
    bill = "SELECT billing_period, billing_currency, sum(billed_cost), sum(effective_cost) FROM line_items GROUP BY ALL"
    assert {key: amounts[:2] for key, amounts in told.items()} == {
        (period, currency): [billed, effective] for period, currency, billed, effective in world.query(bill)
    }
    for table in ML_TABLES:
        held = world.query(f"SELECT billing_period, billing_currency, sum(effective_cost) FROM {table} GROUP BY ALL")
        assert {key: amounts[2] for key, amounts in told.items()} == {
            (period, currency): ml for period, currency, ml in held
        }, table


def test_the_share_with_an_owner_is_that_of_ml_charges_with_a_team_and_so_is_the_checks(
    credited: tuple[World, Refreshed],
) -> None:
    world, done = credited
    shares: dict[tuple[str, str], dict[bool, Decimal]] = defaultdict(dict)
    for period, currency, owned, cost in world.query(
        "SELECT billing_period, billing_currency, team IS NOT NULL, sum(effective_cost) FROM attributed_costs"
        " WHERE is_ml AND effective_cost > 0 GROUP BY ALL"
    ):
        shares[period, currency][owned] = cost
    for line in done.lines:
        period, currency = re.match(r"(\S+) .*?billed \S+ (\w+)", line).groups()  # type: ignore[union-attr]
        parts = shares[period, currency]
        share = f"{parts[True] / sum(parts.values()):.1%}"
        assert line.endswith(f"{share} of its charges before credits has a team")
    (check,) = [line for line in done.failed_checks if "ml_spend_has_owners" in line]
    worst = max(parts[False] / sum(parts.values()) for parts in shares.values())
    assert f"ml_spend_has_owners: {worst:.1%} of the ML charges of 2026-" in check


def test_a_model_without_a_team_has_no_owner(world: World) -> None:
    tags: dict[str, Any] = {"resource_tags": {"user_model": "churn"}}
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/churn", 10.0, **tags)])
    done = world.refresh()
    assert world.query("SELECT DISTINCT model, method FROM attributed_costs") != [("churn", "none")]
    assert "0.0% of its charges" in done.lines[0]
    assert any("100.0% of the ML charges of 2026-10" in line for line in done.failed_checks)


def test_a_month_in_progress_says_until_when_its_bill_goes_and_a_final_one_nothing(world: World) -> None:
    world.bill([invoiced(charge(at="2026-08-20T00:00:00"))], period="2026-08")
    world.bill([charge(at="2026-09-30T00:00:00")], period="2026-09")
    world.bill([charge(at="2026-10-05T00:00:00"), charge(at="2026-10-11T14:00:00")], period="2026-10")
    world.bill([charge(cost=0.0, at="2026-11-02T00:00:00")], period="2026-11")
    begun = [line.partition("  billed")[0] for line in world.refresh().lines]
    assert begun == ["2026-08", "2026-09 (not final)", "2026-10 (until 10-11, not final)", "2026-11"]


def test_a_bill_without_ml_spend_says_so(world: World) -> None:
    world.bill([charge(cost=2.0)])
    assert world.refresh().lines[0].endswith("billed 2.00 USD, effective 2.00; no ML spend")


def test_the_tag_warning_is_one_short_line_that_keeps_currencies_apart(credited: tuple[World, Refreshed]) -> None:
    _, done = credited
    (warning,) = [line for line in done.warnings if "tags_comply" in line]
    assert "project 0% in EUR" in warning
    assert "project 0% in USD" in warning
    assert warning.endswith("See `mlcost tags audit`.")
    assert len(warning) < 400
