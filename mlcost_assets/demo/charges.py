"""A charge that is the same every day."""

from decimal import Decimal

from mlcost_assets.demo.ledger import Product
from mlcost_assets.demo.owners import Clue
from mlcost_assets.demo.world import Resource, World


def bill_daily(
    world: World,
    resource: Resource,
    product: Product,
    usage: str,
    operation: str,
    quantity: Decimal | int,
    rate: str,
    unit: str,
    clues: tuple[Clue, ...],
) -> None:
    """Bill the same quantity every day of the window."""
    world.bill(
        resource,
        product,
        usage,
        operation,
        world.window.start,
        world.window.end,
        quantity=quantity,
        rate=Decimal(rate),
        unit=unit,
        step="day",
        clues=clues,
        description=f"${rate} per {unit} {usage}",
    )
