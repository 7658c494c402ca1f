"""FOCUS's use-case library for 1.2: every question answered, by a query that says something, and shown in the docs as it runs."""

from pathlib import Path
from typing import Any

import pytest

from mlcost_assets_tests.use_cases import QUESTIONS, page, refreshed
from mlcost_assets_tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "focus-use-cases.md"
# The library's names for its questions that are marked 1.2 (focus.finops.org/use-cases, read in 2026).
LIBRARY = [
    "allocate-application-multi-currency",
    "analyze-capacity-reservations-on-compute-costs",
    "analyze-credit-memos",
    "analyze-effective-cost-by-pricing-currency",
    "analyze-purchase-of-virtual-currency",
    "analyze-service-costs-by-region",
    "analyze-tag-coverage",
    "analyze-the-different-metered-costs-for-a-particular-sku",
    "application-cost",
    "calculate-average-rate-of-a-component-resource",
    "calculate-consumption-of-virtual-currency-within-a-billing-period",
    "calculate-unit-economics",
    "commitment-discount-purchases",
    "compare-billed-budget",
    "compare-usage-month-over-month",
    "corrections-by-subaccount",
    "cost-compute-subaccount",
    "costs-by-availability-zone",
    "costs-service-category",
    "costs-service-name",
    "daily-anomaly-region",
    "daily-anomaly-services",
    "daily-anomaly-subaccount",
    "determine-contracted-savings-by-virtual-currency",
    "determine-target-of-virtual-currency-usage",
    "effective-cost-compute",
    "effective-savings-rate",
    "effective-savings-rate-services",
    "forecast-amortized-costs",
    "forecast-cashflow",
    "forecast-costs",
    "identify-sources-of-billed-cost",
    "identify-unused-capacity-reservations",
    "identify-unused-commitments",
    "marketplace-vendors-costs",
    "quantify-usage-of-a-component-resource",
    "recurring-commitment-charges",
    "report-corrections",
    "report-costs-by-service-category-and-subcategory",
    "report-service-costs-by-providers-subaccount",
    "report-spending-across-billing-periods-by-service-category",
    "report-subaccount-regions",
    "resource-component-costs",
    "resource-costs-sku",
    "service-costs-month-over-month",
    "service-costs-subaccount",
    "understand-the-billing-account-or-sub-account-entity",
    "update-application-budgets",
    "update-budgets",
    "verify-accuracy-of-provider-invoices-aka-invoice-reconciliation",
    "verify-discounts-applied",
    "verify-invoices",
    "verify-service-charges",
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return refreshed(tmp_path_factory.mktemp("use-cases"))


def answer(world: World, question: str) -> list[tuple[Any, ...]]:
    (file,) = [file for file in QUESTIONS if file.stem[3:] == question]
    return [tuple(map(str, row)) for row in world.query(file.read_text(encoding="utf-8"))]


def test_every_question_of_the_library_has_its_query() -> None:
    assert sorted(file.stem[3:] for file in QUESTIONS) == sorted(LIBRARY)


def test_the_page_shows_what_the_queries_give(world: World) -> None:
    """Literal results of all of them: a mapping or attribution that changes one shows here."""
    assert PAGE.read_text(encoding="utf-8").splitlines() == list(page(world)), (
        "run: python -m mlcost_assets_tests.use_cases > docs/focus-use-cases.md"
    )


@pytest.mark.parametrize("question", LIBRARY)
def test_every_query_has_an_answer(world: World, question: str) -> None:
    assert answer(world, question)


def test_answers_that_can_be_worked_out_by_hand(world: World) -> None:
    # 30 committed, of which 20 were used.
    ((_, _, unused, used, percent, _),) = answer(world, "identify-unused-commitments")
    assert (float(unused), float(used), percent) == (10, 20, "33.3")
    # 4.50 for 50 GB.
    assert answer(world, "calculate-unit-economics")[0][3] == "0.09"
    # 360 + 240 hours of two cores for 56 dollars.
    series = {
        row[2]: (float(row[3]), row[5]) for row in answer(world, "calculate-average-rate-of-a-component-resource")
    }
    assert series["M5"] == (1200, "0.0467")
    # One day in Ireland cost nine times its usual.
    assert [row[0] for row in answer(world, "daily-anomaly-services")] == ["2026-10-08"]
    # 150 credits' worth of prompts at 2 instead of 2.5 each.
    assert float(answer(world, "determine-contracted-savings-by-virtual-currency")[0][3]) == 75
    # Invoices add up to the bill; three dollars are not invoiced yet.
    open_ = [
        row
        for row in answer(world, "verify-accuracy-of-provider-invoices-aka-invoice-reconciliation")
        if row[1] == "None"
    ]
    assert [float(row[3]) for row in open_] == [3]
