"""The network and the keys of each account, which are nobody's in particular."""

from decimal import Decimal

from mlcost_assets.demo.around.addresses import PUBLIC_ADDRESS, record_interface
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.meters import Meter, daily
from mlcost_assets.demo.money.products import KMS, NAT, TRANSFER, VPC
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

NAT_HOURS = Meter(NAT, "NatGateway-Hours", "NatGateway", Decimal("0.045"))
NAT_BYTES = daily(NAT, "NatGateway-Bytes", "NatGateway", "0.045", "GB")
BETWEEN_ZONES = daily(TRANSFER, "DataTransfer-Regional-Bytes", "InterZone-Out", "0.01", "GB")
TO_THE_INTERNET = daily(TRANSFER, "DataTransfer-Out-Bytes", "RunInstances", "0.09", "GB")
ENDPOINT_HOURS = daily(VPC, "VpcEndpoint-Hours", "VpcEndpoint", "0.01", "Hrs")


def connect(world: World) -> None:
    """Connect every account: NAT gateway, data transfer, VPC endpoint, keys."""
    for account in world.organisation.accounts:
        _connect(world, account)


def _connect(world: World, account: Account) -> None:
    chance = world.chance("network", account.id)
    nat = _nat_gateway(world, account, f"nat-{chance.hex(17)}")
    nowhere = Resource("", account, world.home)
    endpoint_arn = world.arn("ec2", account, world.home, f"vpc-endpoint/vpce-{chance.hex(17)}")
    endpoint = world.resource(endpoint_arn, account, world.home, Owner())
    region = Scope("region", f"{account.id}/{world.home}")
    # The registry's rule divides NAT over the whole account.
    ruled = Scope("account", account.id) if world.organisation.keeps_registry else region
    world.pool(nat, NAT_HOURS, 1, scope=ruled, stage="networking")
    for resource, meter, quantity, scope in (
        (nat, NAT_BYTES, chance.randrange(50, 900), ruled),
        (nat, BETWEEN_ZONES, chance.randrange(100, 900), region),
        (nowhere, TO_THE_INTERNET, chance.randrange(5, 60), region),
        (endpoint, ENDPOINT_HOURS, 72, region),
    ):
        world.pool(resource, meter, quantity, scope=scope, stage="networking")
    interface = record_interface(
        world,
        nat,
        world.chance("nat interface", account.id),
        Description=f"Interface for NAT Gateway {nat.id.rsplit('/', 1)[1]}",
        InterfaceType="nat_gateway",
        RequesterManaged=True,
    )
    world.pool(interface, PUBLIC_ADDRESS, 24, scope=region, stage="networking")
    requests = f"{world.home}-KMS-Requests"
    meter = daily(KMS, requests, "Decrypt", "0.000003", "Requests", "$0.03 per 10000 KMS requests")
    keys = world.resource(world.arn("kms", account, world.home, f"key/{chance.uuid()}"), account, world.home, Owner())
    world.pool(keys, meter, chance.randrange(10_000, 900_000), scope=region, stage="platform")


def _nat_gateway(world: World, account: Account, nat_id: str) -> Resource:
    body = {
        "NatGatewayId": nat_id,
        "VpcId": f"vpc-{world.chance('vpc', account.id).hex(17)}",
        "State": "available",
        "CreateTime": iso(world.before(500)),
        "ConnectivityType": "public",
    }
    return world.create(
        "ec2:DescribeNatGateways",
        nat_id,
        account,
        world.home,
        Owner(stage="networking"),
        body,
        created=world.before(500),
        billed_as=world.arn("ec2", account, world.home, f"natgateway/{nat_id}"),
    )
