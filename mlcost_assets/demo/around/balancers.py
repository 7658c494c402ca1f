"""What a load balancer costs: its hours and its capacity units."""

from decimal import Decimal

from mlcost_assets.demo.money.meters import Meter, daily
from mlcost_assets.demo.money.products import ELB
from mlcost_assets.demo.truth.clues import Clue
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World


def balance(world: World, balancer: Resource, clues: tuple[Clue, ...], layer: str) -> None:
    """Bill a balancer of the 'Application' or the 'Network' layer."""
    operation = f"LoadBalancing:{layer}"
    text = "$0.0225 per Hrs LoadBalancerUsage"
    hours = Meter(ELB, "LoadBalancerUsage", operation, Decimal("0.0225"), description=text)
    world.bill(balancer, hours, 1, clues=clues)
    world.bill(balancer, daily(ELB, "LCUUsage", operation, "0.006", "LCU-Hrs"), Decimal("14.4"), clues=clues)
