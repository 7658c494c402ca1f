"""Whether commitments are used well, from an export through a refresh to the printed answer."""

from decimal import Decimal
from typing import Any

import pytest

from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import PAYER, Row, charge, sagemaker
from mlcost_assets_tests.same_month import NOWHERE, PLAN, RESERVATION
from mlcost_assets_tests.world import World, arn, record

OF_PLAN: Row = {"savings_plan_savings_plan_a_r_n": PLAN}
TRAINING_PLAN = arn("training-plan/tp")


def hour(day: int, hour: int) -> str:
    return f"2026-10-{day:02}T{hour:02}:00:00"


def covered(model: str, list_cost: float, effective: float, at: str) -> list[Row]:
    """Usage that the plan covers, and its negation."""
    told: Row = {"at": at, "resource_tags": {"user_model": model, "user_team": f"team-{model}"}}
    usage = sagemaker("Host:ml.m5.large", f"endpoint/{model}", list_cost, **told)
    return [
        usage | OF_PLAN | {
            "line_item_line_item_type": "SavingsPlanCoveredUsage", "savings_plan_savings_plan_effective_cost": effective,
            "pricing_public_on_demand_rate": list_cost,
        },
        usage | OF_PLAN | {"line_item_line_item_type": "SavingsPlanNegation", "line_item_unblended_cost": -list_cost},
    ]  # fmt: skip


def fee(used: float, at: str) -> Row:
    """An hour of the plan: 3 recurring and 3 of the upfront fee."""
    return charge(
        "SavingsPlanRecurringFee", 3.0, at=at, line_item_product_code="MachineLearningSavingsPlans",
        product_servicecode="MachineLearningSavingsPlans",
        savings_plan_amortized_upfront_commitment_for_billing_period=3.0,
        savings_plan_recurring_commitment_for_billing_period=3.0,
        savings_plan_total_commitment_to_date=6.0, savings_plan_used_commitment=used, line_item_usage_account_id=PAYER,
        **OF_PLAN | NOWHERE | {"line_item_usage_type": "SageMakerSP:1yrPartialUpfront"},
    )  # fmt: skip


def reserved() -> list[Row]:
    """A reservation, half used, billed in another currency."""
    euro: Row = {"line_item_currency_code": "EUR", "reservation_reservation_a_r_n": RESERVATION}
    return [
        charge(
            "DiscountedUsage", 0.0, reservation_effective_cost=0.5, pricing_public_on_demand_cost=1.0,
            pricing_public_on_demand_rate=1.0, resource_tags={"user_team": "web"}, **euro,
        ),
        charge(
            "RIFee", 1.0, reservation_unused_recurring_fee=0.5,
            reservation_unused_amortized_upfront_fee_for_billing_period=0.0,
            reservation_amortized_upfront_fee_for_billing_period=0.0, **euro | NOWHERE,
        ),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("commitments"))
    on_demand = [(5, one) for one in range(24)] + [(6, one) for one in range(12)] + [(7, 0)]
    world.bill(
        [
            *covered("churn", 10.0, 6.0, hour(5, 14)), fee(6.0, hour(5, 14)),
            *covered("churn", 2.0, 1.2, hour(5, 15)), *covered("ranker", 3.0, 1.8, hour(5, 15)), fee(3.0, hour(5, 15)),
            *reserved(),
            *(sagemaker("Host:ml.m5.large", "endpoint/free", 8.0, at=hour(*one)) for one in on_demand),
            sagemaker("TrSpt:ml.g5.xlarge", "training-job/spot", 20.0, pricing_public_on_demand_cost=60.0),
        ]
    )  # fmt: skip
    world.land(
        record(
            "sagemaker:DescribeTrainingPlan", TRAINING_PLAN,
            {
                "TrainingPlanArn": TRAINING_PLAN, "TrainingPlanName": "tp", "Status": "Active", "UpfrontFee": "1000.00",
                "CurrencyCode": "USD", "StartTime": "2026-10-31T00:00:00Z", "EndTime": "2026-11-02T00:00:00Z",
            },
        )
    )  # fmt: skip
    world.refresh()
    return world


def test_a_commitment_costs_what_was_used_and_what_was_not(world: World) -> None:
    columns = "committed_cost, used_cost, unused_cost, due_cost, covered_list_cost, savings, utilisation, effective_savings_rate"
    costs = {id_: rest for id_, *rest in world.query(f"SELECT commitment_id, {columns} FROM commitment_coverage")}
    assert costs[PLAN] == [12, 9, 3, 12, 15, 3, 0.75, 0.2]
    assert costs[RESERVATION] == [1, Decimal("0.5"), Decimal("0.5"), 1, 1, 0, 0.5, 0]
    assert costs[TRAINING_PLAN][:4] == [500, None, None, None]


def test_coverage_is_of_what_the_commitment_could_cover(world: World) -> None:
    told = world.query(
        "SELECT covers, term_years, payment_option, billing_currency, hours, eligible_list_cost, uncovered_list_cost, "
        "coverage FROM commitment_coverage WHERE commitment_id = $id",
        id=PLAN,
    )
    assert told == [("SageMaker", 1, "Partial Upfront", "USD", 2, 15 + 37 * 8, 37 * 8, 15 / (15 + 37 * 8))]


def test_who_benefits_has_the_savings_and_a_part_of_the_waste(world: World) -> None:
    benefits = world.query(
        "SELECT coalesce(model, team), covered_list_cost, used_cost, unused_cost, savings, billing_currency "
        "FROM commitment_benefits ORDER BY 1"
    )
    assert benefits == [
        ("churn", 12, Decimal("7.2"), Decimal("2.4"), Decimal("2.4"), "USD"),
        ("ranker", 3, Decimal("1.8"), Decimal("0.6"), Decimal("0.6"), "USD"),
        ("web", 1, Decimal("0.5"), Decimal("0.5"), 0, "EUR"),
    ]


def test_the_ladder_counts_idle_hours_and_takes_no_rate_that_the_bill_does_not_tell(world: World) -> None:
    columns = (
        "on_demand_per_hour, utilisation, break_even_discount, discount, commitment_per_hour, savings, unused_cost"
    )
    ladder: dict[Any, Any] = {
        (term, payment): rest
        for term, payment, *rest in world.query(
            f"SELECT term_years, payment_option, {columns}, round(break_even_months, 6), basis FROM commitment_ladder WHERE percentile = 50"
        )
    }
    # 36 of the 48 hours of two full days have use; at 0.6 of the price on demand.
    assert ladder[1, "Partial Upfront"] == [
        8, 0.75, 0.25, 0.4, Decimal("4.8"), Decimal("57.6"), Decimal("57.6"), 9.6, "hours",
    ]  # fmt: skip
    assert ladder[3, "No Upfront"] == [8, 0.75, 0.25, None, None, None, None, None, "hours"]
    assert world.query("SELECT DISTINCT hours, uncovered_list_cost, first_day FROM commitment_ladder") == [
        (48, 36 * 8, world.query("SELECT DATE '2026-10-05'")[0][0])
    ]


def test_both_checks_looked_at_it(world: World) -> None:
    checks = "SELECT check_name, passed FROM data_quality WHERE asset = 'commitment_benefits' ORDER BY 1"
    assert world.query(checks) == [("commitments_are_plausible", True), ("commitments_tie_out", True)]


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (["commitments"], ["SageMaker", "15.00", "| 75 |", "training-plan/tp"]),
        (["commitment-benefits", "--model", "churn"], ["churn", "7.20"]),
        (["commitment-ladder"], ["1 yr Partial Upfront", "57.60", "so the bill does not tell its discount"]),
    ],
)
def test_the_reports_print_it(world: World, report: list[str], told: list[str]) -> None:
    done = mlcost("report", *report, "--format", "md", cwd=world.folder)
    assert done.returncode == 0, done.stderr
    assert [one for one in told if one not in done.stdout] == []
    assert "ranker" not in done.stdout
