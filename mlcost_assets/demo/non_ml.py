"""Everything that is not machine learning: web tier, databases, caches, warehouse, content delivery."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import (
    CACHE,
    CLOUDFRONT,
    DYNAMODB,
    EBS,
    EC2,
    ELB,
    RDS,
    REDSHIFT,
    S3,
    S3_TRANSFER,
)
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.commitments import RESERVED_TYPE, reservation_arn, savings_plan_arn
from mlcost_assets.demo.estimates import estimate
from mlcost_assets.demo.ledger import Product
from mlcost_assets.demo.organisation import US, Account
from mlcost_assets.demo.owners import TEAM, Clue, Owner
from mlcost_assets.demo.prices import ec2
from mlcost_assets.demo.tagging import Tags
from mlcost_assets.demo.world import Resource, World


def run_everything_else(world: World) -> None:
    """Spend on everything else, so that it is about a third of the bill."""
    chance = world.chance("non-ml")
    share = chance.uniform(0.25, 0.38)
    months = len(list(world.window.months()))
    ml = sum(estimate(line) for line in world.ledger.lines) / months
    budget = ml * share / (1 - share)
    account = world.organisation.account("web")
    _reserved_fleet(world, account, chance)
    kinds: list[Callable[[World, Account, Chance, int], None]] = [
        _fleet,
        _database,
        _warehouse,
        _cache,
        _content,
        _table,
    ]
    before = sum(estimate(line) for line in world.ledger.lines)
    number = 0
    while (sum(estimate(line) for line in world.ledger.lines) - before) / months < budget * 0.9 and number < 40:
        # Rows are dear, warehouses are not: a larger bill gets larger things, not more of them.
        kind = kinds[number] if number < len(kinds) else chance.one((_warehouse, _database, _content))
        kind(world, account, chance, number)
        number += 1


def _owner(world: World, chance: Chance) -> Owner:
    return Owner(team=chance.one(world.organisation.web_teams), environment="prod", stage="other", is_ml=False)


def _resource(world: World, billing_id: str, account: Account, owner: Owner) -> tuple[Resource, tuple[Clue, ...]]:
    return world.resource(billing_id, account, US, owner, tags=world.tags(billing_id, owner)), ()


def instance_body(instance_id: str, instance_type: str, started: datetime, **more: Any) -> dict[str, Any]:
    """Write an instance as DescribeInstances does."""
    return {
        "InstanceId": instance_id,
        "InstanceType": instance_type,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(started),
        "Placement": {"AvailabilityZone": "us-east-1a"},
        "Architecture": "x86_64",
        **more,
    }


def _instance(
    world: World, account: Account, owner: Owner, chance: Chance, instance_type: str, group: str
) -> tuple[Resource, tuple[Clue, ...]]:
    instance_id = f"i-{chance.hex(17)}"
    started = world.before(chance.randrange(5, 90))
    tags: Tags = world.tags(instance_id, owner, {"aws:autoscaling:groupName": group})
    profile = {"Arn": f"arn:aws:iam::{account.id}:instance-profile/{group}"}
    body = instance_body(instance_id, instance_type, started, IamInstanceProfile=profile)
    key = world.record("ec2:DescribeInstances", instance_id, account, US, body, created=started, tags=tags)
    needs = () if world.tagger.is_active("aws:autoscaling:groupName", started) else (key,)
    return world.resource(instance_id, account, US, owner, key=key, tags=tags), (
        Clue("auto scaling group", frozenset({TEAM}), needs),
    )


def _run(world: World, resource: Resource, instance_type: str, clues: tuple[Clue, ...], **options: Any) -> None:
    rate = ec2(instance_type)
    world.bill(
        resource,
        EC2,
        f"BoxUsage:{instance_type}",
        "RunInstances",
        world.window.start,
        world.window.end,
        quantity=1,
        rate=rate,
        unit="Hrs",
        clues=clues,
        instance_type=instance_type,
        zone="us-east-1a",
        description=f"${rate} per On Demand Linux {instance_type} Instance Hour",
        **options,
    )


def _disk(
    world: World, account: Account, owner: Owner, chance: Chance, instance_id: str, clues: tuple[Clue, ...]
) -> None:
    volume_id = f"vol-{chance.hex(17)}"
    body = {
        "VolumeId": volume_id,
        "VolumeType": "gp3",
        "Size": 100,
        "State": "in-use",
        "CreateTime": iso(world.before(60)),
        "AvailabilityZone": "us-east-1a",
        "Attachments": [{"InstanceId": instance_id, "State": "attached", "VolumeId": volume_id}],
    }
    key = world.record("ec2:DescribeVolumes", volume_id, account, US, body)
    instance_key = f"ec2:DescribeInstances {instance_id}"
    on = tuple(Clue("volume of an instance", clue.tells, (key, instance_key, *clue.needs)) for clue in clues)
    world.bill(
        world.resource(volume_id, account, US, owner, key=key),
        EBS,
        "EBS:VolumeUsage.gp3",
        "CreateVolume-Gp3",
        world.window.start,
        world.window.end,
        quantity=Decimal("3.28947368"),
        rate=Decimal("0.08"),
        unit="GB-Mo",
        step="day",
        clues=on,
        description="$0.08 per GB-month of General Purpose (gp3) provisioned storage",
    )


def _reserved_fleet(world: World, account: Account, chance: Chance) -> None:
    """Run a fleet of which most is reserved; one reserved instance is not used."""
    owner = _owner(world, chance)
    arn = reservation_arn(world)
    reservation = world.ledger.reservations[arn]
    for _ in range(reservation.count - 1):
        resource, clues = _instance(world, account, owner, chance, RESERVED_TYPE, f"{owner.team}-asg")
        _run(
            world,
            resource,
            RESERVED_TYPE,
            clues,
            covered_by=arn,
            covered_rate=reservation.hourly,
            line_item_type="DiscountedUsage",
        )
        _disk(world, account, owner, chance, resource.id, clues)


def _fleet(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    instance_type = chance.one(("m5.2xlarge", "c5.2xlarge", "r5.xlarge", "m5.4xlarge"))
    group = f"{owner.team}-{chance.code(4)}-asg"
    for member in range(chance.randrange(3, 7)):
        resource, clues = _instance(world, account, owner, chance, instance_type, group)
        covered = {}
        if member < 2:
            covered = {
                "covered_by": savings_plan_arn(world, "compute"),
                "covered_rate": (ec2(instance_type) * Decimal("0.72")).quantize(Decimal("0.000001")),
                "line_item_type": "SavingsPlanCoveredUsage",
            }
        _run(world, resource, instance_type, clues, **covered)
        _disk(world, account, owner, chance, resource.id, clues)
    balancer = world.arn(
        "elasticloadbalancing", account, US, f"loadbalancer/app/{owner.team}-{number}/{chance.hex(16)}"
    )
    resource, tagged = _resource(world, balancer, account, owner)
    _hourly(world, resource, ELB, "LoadBalancerUsage", "LoadBalancing:Application", "0.0225", 1, tagged)


def _hourly(
    world: World,
    resource: Resource,
    product: Product,
    usage: str,
    operation: str,
    rate: str,
    quantity: int,
    clues: tuple[Clue, ...],
    instance_type: str = "",
) -> None:
    world.bill(
        resource,
        product,
        usage,
        operation,
        world.window.start,
        world.window.end,
        quantity=quantity,
        rate=Decimal(rate),
        unit="Hrs",
        clues=clues,
        instance_type=instance_type,
        description=f"${rate} per {usage} hour",
    )


def _database(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    name = world.arn(
        "rds", account, US, f"db:{chance.one(('orders', 'users', 'catalog', 'billing', 'sessions'))}-{number}"
    )
    resource, clues = _resource(world, name, account, owner)
    _hourly(
        world,
        resource,
        RDS,
        "Multi-AZUsage:db.r5.4xlarge",
        "CreateDBInstance:0014",
        "3.856",
        1,
        clues,
        "db.r5.4xlarge",
    )
    world.bill(
        resource,
        RDS,
        "RDS:Multi-AZ-GP3-Storage",
        "CreateDBInstance:0014",
        world.window.start,
        world.window.end,
        quantity=Decimal("65.78947368"),
        rate=Decimal("0.23"),
        unit="GB-Mo",
        step="day",
        clues=clues,
        description="$0.23 per GB-month of provisioned GP3 storage",
    )


def _warehouse(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    name = world.arn("redshift", account, US, f"cluster:dwh-{number}")
    resource, clues = _resource(world, name, account, owner)
    nodes = chance.randrange(2, 7)
    _hourly(
        world,
        resource,
        REDSHIFT,
        "Node:ra3.4xlarge",
        "RunComputeNode:0001",
        "3.26",
        nodes,
        clues,
        "ra3.4xlarge",
    )


def _cache(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    name = world.arn("elasticache", account, US, f"cluster:sessions-{number}")
    resource, clues = _resource(world, name, account, owner)
    _hourly(
        world,
        resource,
        CACHE,
        "NodeUsage:cache.r5.xlarge",
        "CreateCacheCluster:0002",
        "0.431",
        3,
        clues,
        "cache.r5.xlarge",
    )


def _content(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    distribution = f"arn:aws:cloudfront::{account.id}:distribution/E{chance.code(13).upper()}"
    resource, clues = _resource(world, distribution, account, owner)
    _daily(
        world,
        resource,
        CLOUDFRONT,
        "US-DataTransfer-Out-Bytes",
        "GET",
        "0.085",
        500 * chance.randrange(1, 6),
        "GB",
        clues,
    )
    bucket, clues = _resource(world, f"{world.organisation.company}-{owner.team}-assets-{number}", account, owner)
    _daily(world, bucket, S3, "TimedStorage-ByteHrs", "StandardStorage", "0.023", 400, "GB-Mo", clues)
    _daily(world, bucket, S3_TRANSFER, "DataTransfer-Out-Bytes", "GetObject", "0.09", 60, "GB", clues)


def _table(world: World, account: Account, chance: Chance, number: int) -> None:
    owner = _owner(world, chance)
    name = world.arn("dynamodb", account, US, f"table/carts-{number}")
    resource, clues = _resource(world, name, account, owner)
    _daily(
        world,
        resource,
        DYNAMODB,
        "WriteRequestUnits",
        "PayPerRequestThroughput",
        "0.00000125",
        20_000_000,
        "WriteRequestUnits",
        clues,
    )


def _daily(
    world: World,
    resource: Resource,
    product: Product,
    usage: str,
    operation: str,
    rate: str,
    quantity: int,
    unit: str,
    clues: tuple[Clue, ...],
) -> None:
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
