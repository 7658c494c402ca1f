"""Savings plans and a reservation: bought before the window, used by steady workloads, never quite used up."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.money.ledger import Reservation, SavingsPlan
from mlcost_assets.demo.money.products import COMPUTE_SAVINGS, ML_SAVINGS
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.world.world import World

RESERVED_TYPE = "m5.xlarge"

# What the plans ask for an hour of covered usage, as a part of the price on demand.
COMPUTE_RATIO = Decimal("0.72")
SAGEMAKER_RATIO = Decimal("0.64")


def savings_plan_arn(world: World, family: str) -> str:
    """Give the ARN of the savings plan that covers a family of usage."""
    return (
        f"arn:aws:savingsplans::{world.organisation.payer.id}:savingsplan/{world.chance('savings plan', family).uuid()}"
    )


def shares_plans(world: World, account: Account) -> bool:
    """Tell whether the savings plans cover what an account uses: they do not reach another payer's accounts."""
    return account.payer_id == world.organisation.payer.id


def covered(plan_arn: str, rate: Decimal, ratio: Decimal) -> dict[str, Any]:
    """Put usage under a savings plan, if one is named."""
    if not plan_arn:
        return {}
    return {
        "covered_by": plan_arn,
        "covered_rate": (rate * ratio).quantize(Decimal("0.000001")),
        "line_item_type": "SavingsPlanCoveredUsage",
    }


def reservation_arn(world: World) -> str:
    """Give the ARN of the reservation of the web tier."""
    account = world.organisation.account("web")
    return world.arn("ec2", account, world.home, f"reserved-instances/{world.chance('reservation').uuid()}")


def buy(world: World) -> None:
    """Buy the commitments."""
    chance = world.chance("commitments")
    families = (
        ("sagemaker", ML_SAVINGS, "SageMakerSP", "SageMakerSavingsPlans"),
        ("compute", COMPUTE_SAVINGS, "ComputeSP", "ComputeSavingsPlans"),
    )
    for family, product, usage_type, offering in families:
        payment = chance.one(("No Upfront", "Partial Upfront"))
        arn = savings_plan_arn(world, family)
        world.ledger.savings_plans[arn] = SavingsPlan(
            arn=arn,
            account_id=world.organisation.payer.id,
            product=product,
            usage_type=f"{usage_type}:1yr{payment.replace(' ', '')}",
            offering=offering,
            payment=payment,
            start=world.window.start - timedelta(days=chance.randrange(60, 300)),
            idle_share=Decimal(chance.randrange(4, 25)) / 100,
        )
    arn = reservation_arn(world)
    world.ledger.reservations[arn] = Reservation(
        arn=arn,
        account_id=world.organisation.account("web").id,
        instance_type=RESERVED_TYPE,
        region=world.home,
        count=6,
        recurring=Decimal("0.062"),
        upfront=Decimal("0.0598"),
        start=world.window.start - timedelta(days=150),
    )
