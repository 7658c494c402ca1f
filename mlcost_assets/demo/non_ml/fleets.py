"""The web tier: fleets of instances behind load balancers, one of them mostly reserved."""

from decimal import Decimal
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.commitments import (
    COMPUTE_RATIO,
    RESERVED_TYPE,
    covered,
    reservation_arn,
    savings_plan_arn,
    shares_plans,
)
from mlcost_assets.demo.money.meters import GP3, hourly, instance_hours, stored
from mlcost_assets.demo.money.products import ELB
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.truth.clues import Clue, by_team
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

GROUP = "aws:autoscaling:groupName"
DISK = 100
BALANCER_HOURS = hourly(ELB, "LoadBalancerUsage", "LoadBalancing:Application", "0.0225")


def web_owner(world: World, chance: Chance) -> Owner:
    """Choose one of the teams that do not do machine learning."""
    return Owner(team=chance.one(world.organisation.web_teams), environment="prod", stage="other", is_ml=False)


def web_resource(world: World, billing_id: str, account: Account, owner: Owner) -> Resource:
    """Make a resource that nobody collects records of."""
    return world.resource(billing_id, account, world.home, owner, tags=world.tags(billing_id, owner))


def run_reserved_fleet(world: World, account: Account, chance: Chance) -> None:
    """Run a fleet of which most is reserved; one reserved instance is not used."""
    owner = web_owner(world, chance)
    arn = reservation_arn(world)
    reservation = world.ledger.reservations[arn]
    cover = {"covered_by": arn, "covered_rate": reservation.hourly, "line_item_type": "DiscountedUsage"}
    for _ in range(reservation.count - 1):
        _run(world, account, owner, chance, RESERVED_TYPE, f"{owner.team}-asg", cover)


def run_fleet(world: World, account: Account, chance: Chance, number: int) -> None:
    """Run an auto scaling group behind a load balancer; two instances of it are under the savings plan."""
    owner = web_owner(world, chance)
    instance_type = chance.one(("m5.2xlarge", "c5.2xlarge", "r5.xlarge", "m5.4xlarge"))
    group = f"{owner.team}-{chance.code(4)}-asg"
    rate = instance_hours(instance_type, world.home).rate
    cover = covered(savings_plan_arn(world, "compute"), rate, COMPUTE_RATIO)
    for member in range(chance.randrange(3, 7)):
        _run(
            world,
            account,
            owner,
            chance,
            instance_type,
            group,
            cover if member < 2 and shares_plans(world, account) else {},
        )
    name = f"loadbalancer/app/{owner.team}-{number}/{chance.hex(16)}"
    balancer = web_resource(world, world.arn("elasticloadbalancing", account, world.home, name), account, owner)
    world.bill(balancer, BALANCER_HOURS, 1)


def _run(
    world: World,
    account: Account,
    owner: Owner,
    chance: Chance,
    instance_type: str,
    group: str,
    cover: dict[str, Any],
) -> None:
    """Run an instance with its disk."""
    instance_id = f"i-{chance.hex(17)}"
    started = world.before(chance.randrange(5, 90))
    body = {
        "InstanceId": instance_id,
        "InstanceType": instance_type,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(started),
        "Placement": {"AvailabilityZone": f"{world.home}a"},
        "Architecture": "x86_64",
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{account.id}:instance-profile/{group}"},
    }
    tags = world.tags(instance_id, owner, {GROUP: group})
    kind = "ec2:DescribeInstances"
    instance = world.create(kind, instance_id, account, world.home, owner, body, created=started, tags=tags)
    needs = () if world.tagger.is_active(GROUP, started) else (instance.key,)
    clue = by_team("auto scaling group", *needs)
    world.bill(instance, instance_hours(instance_type, world.home), 1, clues=(clue,), zone=f"{world.home}a", **cover)
    _keep_disk(world, instance, chance, clue)


def _keep_disk(world: World, instance: Resource, chance: Chance, clue: Clue) -> None:
    volume_id = f"vol-{chance.hex(17)}"
    body = {
        "VolumeId": volume_id,
        "VolumeType": "gp3",
        "Size": DISK,
        "State": "in-use",
        "CreateTime": iso(world.before(60)),
        "AvailabilityZone": f"{world.home}a",
        "Attachments": [{"InstanceId": instance.id, "State": "attached", "VolumeId": volume_id}],
    }
    disk = world.create("ec2:DescribeVolumes", volume_id, instance.account, world.home, instance.owner, body)
    on = by_team("volume of an instance", disk.key, instance.key, *clue.needs)
    world.bill(disk, GP3, stored(Decimal(DISK)), clues=(on,))
