"""Public addresses: each is billed on the network interface that has it."""

from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.money.meters import daily
from mlcost_assets.demo.money.products import VPC
from mlcost_assets.demo.truth.clues import Clue, through
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

PUBLIC_ADDRESS = daily(
    VPC,
    "PublicIPv4:InUseAddress",
    "AllocateAddressVPC",
    "0.005",
    "Hrs",
    "$0.005 per In-use public IPv4 address per hour",
)


def record_interface(world: World, holder: Resource, chance: Chance, **more: Any) -> Resource:
    """Record the interface of something that has a public address."""
    account, region = holder.account, holder.region
    interface_id = f"eni-{chance.hex(17)}"
    body = {
        "NetworkInterfaceId": interface_id,
        "Status": "in-use",
        "OwnerId": account.id,
        "Association": {"PublicIp": f"52.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"},
        **more,
    }
    return world.create(
        "ec2:DescribeNetworkInterfaces",
        interface_id,
        account,
        region,
        holder.owner.at("networking"),
        body,
        billed_as=world.arn("ec2", account, region, f"network-interface/{interface_id}"),
    )


def attach_address(
    world: World, holder: Resource, text: str, clues: tuple[Clue, ...], chance: Chance, **more: Any
) -> None:
    """Bill the public address of something that belongs to one model."""
    interface = record_interface(world, holder, chance, **more)
    world.bill(interface, PUBLIC_ADDRESS, 24, clues=through(f"{text}, ", clues, interface.key))
