"""What a new drop changed: late charges, a closed month set back, tags filled in for months at once; never a mere re-run."""

from datetime import date
from decimal import Decimal
from typing import Any

from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import World

CHANGES = """
    SELECT account_id, service_code, model, first_changed_day, last_changed_day, rows_before, rows_after,
        billed_cost_before, billed_cost_after, was_final
    FROM restatements JOIN billing_drops AS newest ON drop_id = drop_after
    WHERE newest.state = 'loaded' AND execution_id = $execution
    ORDER BY ALL
"""
INVOICED: Row = {"bill_invoice_id": "INV-1"}


def ec2(cost: float, day: int, **more: Any) -> Row:
    return charge(cost=cost, at=f"2026-10-{day:02}T14:00:00", **more)


def endpoint(cost: float, day: int, model: str, **more: Any) -> Row:
    tags: Row = {"resource_tags": {"user_model": model}}
    return sagemaker(
        "Host:ml.m5.large", f"endpoint/{model}", cost, at=f"2026-10-{day:02}T14:00:00", **(tags | more)
    )  # fmt: skip


def test_a_new_drop_is_compared_with_the_one_before(world: World) -> None:
    churn, other = endpoint(5.0, 3, "churn"), ec2(2.0, 4, line_item_usage_account_id="333333333333")
    world.bill([ec2(1.0, 2), churn, other], execution="first")
    world.refresh()
    assert world.query("SELECT count(*) FROM restatements") == [(0,)]

    # The month grows, a charge for an old day comes late, a refund sets one back; an account stays as it was.
    newer = [ec2(1.0, 2), ec2(0.25, 1), ec2(4.0, 5), churn, endpoint(-1.5, 3, "churn"), other]
    world.bill([row | INVOICED for row in newer], execution="second")
    done = world.refresh()
    assert world.query(CHANGES, execution="second") == [
        ("222222222222", "AmazonEC2", None, date(2026, 10, 1), date(2026, 10, 5), 1, 3, Decimal(1), Decimal("5.25"), False),
        ("222222222222", "AmazonSageMaker", "churn", date(2026, 10, 3), date(2026, 10, 3), 1, 1, Decimal(5), Decimal("3.5"), False),
    ]  # fmt: skip
    assert not any("final_months_stand" in line for line in done.warnings)

    # Made anew from the same drop: nothing was restated.
    world.refresh(everything=True)
    assert world.query("SELECT count(*) FROM restatements") == [(2,)]

    # The invoiced month is set back: a service vanishes, and AWS is said to have changed a final month.
    world.bill([row | INVOICED for row in newer if row is not other], execution="third")
    done = world.refresh()
    assert world.query(CHANGES, execution="third") == [
        ("333333333333", "AmazonEC2", None, date(2026, 10, 4), date(2026, 10, 4), 1, 0, Decimal(2), Decimal(0), True),
    ]
    (said,) = [line for line in done.warnings if "final_months_stand" in line]
    assert "payer 2026-10 was final and changed again (billed -2.00 USD)" in said


def test_tags_filled_in_for_closed_months_move_costs_and_change_no_total(world: World) -> None:
    months = ["2025-11", "2025-12"]
    both: dict[str, Row] = {"plain": {}, "tagged": {"resource_tags": {"user_model": "ranker"}}}
    for execution, tags in both.items():
        for number, month in enumerate(months, 1):
            row = sagemaker(
                "Host:ml.m5.large", "endpoint/x", float(number), at=f"{month}-05T14:00:00", **INVOICED, **tags
            )
            world.bill([row], period=month, execution=execution)
        done = world.refresh()
    moved = world.query(
        "SELECT billing_period, model, billed_cost_after - billed_cost_before FROM restatements WHERE was_final ORDER BY ALL"
    )
    assert moved == [
        (month, model, change)
        for number, month in enumerate(months, 1)
        for model, change in (("ranker", Decimal(number)), (None, Decimal(-number)))
    ]
    (said,) = [line for line in done.warnings if "final_months_stand" in line]
    assert "payer 2025-12 was final and changed again (billed +0.00 USD)" in said
    assert said.count("was final") == len(months)
