"""The network and the keys of each account, which are nobody's in particular."""

from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import (
    KMS,
    NAT,
    TRANSFER,
    VPC,
)
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.ledger import Scope
from mlcost_assets.demo.organisation import US, Account
from mlcost_assets.demo.owners import Owner
from mlcost_assets.demo.world import Resource, World


def connect(world: World) -> None:
    """Connect every account."""
    for account in world.organisation.accounts:
        _network(world, account)


def _network(world: World, account: Account) -> None:
    """NAT gateway, data transfer, VPC endpoint and keys of an account: nobody's in particular."""
    chance = world.chance("network", account.id)
    vpc = f"vpc-{world.chance('vpc', account.id).hex(17)}"
    nat_id = f"nat-{chance.hex(17)}"
    arn = world.arn("ec2", account, US, f"natgateway/{nat_id}")
    body = {
        "NatGatewayId": nat_id,
        "VpcId": vpc,
        "State": "available",
        "CreateTime": iso(world.before(500)),
        "ConnectivityType": "public",
    }
    key = world.record("ec2:DescribeNatGateways", nat_id, account, US, body, created=world.before(500))
    nat = world.resource(arn, account, US, Owner(stage="networking"), key=key)
    region = Scope("region", f"{account.id}/{US}")
    pool: dict[str, Any] = {"scope": region, "stage": "networking"}
    # The registry's rule divides NAT over the whole account.
    by_rule: dict[str, Any] = {"scope": Scope("account", account.id), "stage": "networking"}
    world.pool(nat, NAT, "NatGateway-Hours", "NatGateway", quantity=1, rate=Decimal("0.045"), unit="Hrs", **by_rule)
    nowhere = Resource("", account, US)
    endpoint = world.resource(
        world.arn("ec2", account, US, f"vpc-endpoint/vpce-{chance.hex(17)}"), account, US, Owner()
    )
    daily = (
        (nat, NAT, "NatGateway-Bytes", "NatGateway", chance.randrange(50, 900), "0.045", "GB"),
        (
            nat,
            TRANSFER,
            "DataTransfer-Regional-Bytes",
            "InterZone-Out",
            chance.randrange(100, 900),
            "0.01",
            "GB",
        ),
        (nowhere, TRANSFER, "DataTransfer-Out-Bytes", "RunInstances", chance.randrange(5, 60), "0.09", "GB"),
        (endpoint, VPC, "VpcEndpoint-Hours", "VpcEndpoint", 72, "0.01", "Hrs"),
    )
    for resource, product, usage, operation, quantity, rate, unit in daily:
        world.pool(
            resource,
            product,
            usage,
            operation,
            quantity=quantity,
            rate=Decimal(rate),
            unit=unit,
            step="day",
            description=f"${rate} per {unit} {usage}",
            **(by_rule if usage.startswith("NatGateway") else pool),
        )
    keys = world.resource(world.arn("kms", account, US, f"key/{chance.uuid()}"), account, US, Owner())
    world.pool(
        keys,
        KMS,
        "us-east-1-KMS-Requests",
        "Decrypt",
        scope=region,
        stage="platform",
        quantity=chance.randrange(10_000, 900_000),
        rate=Decimal("0.000003"),
        unit="Requests",
        step="day",
        description="$0.03 per 10000 KMS requests",
    )
