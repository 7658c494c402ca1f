"""Models served from plain EC2 instances behind a load balancer; nobody tagged the instances."""

from typing import Any

from mlcost_assets.demo.around.addresses import attach_address
from mlcost_assets.demo.around.balancers import balance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import GP3, instance_hours, stored
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.serving.deployments import announce
from mlcost_assets.demo.serving.retired import retire_instance
from mlcost_assets.demo.truth.clues import ENVIRONMENT, MODEL, Clue, by_environment, by_model, named, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

DISK = 300


def serve_from_instances(world: World) -> None:
    """Serve those models that run on instances of their own."""
    for model in world.organisation.served("instances"):
        _serve(world, model)


def _serve(world: World, model: Model) -> None:
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("instances", model.name)
    group = model.team.habit.resource(model.name, "tg", environment="prod")[:32]
    name = chance.one((f"{model.team.name}-inference", model.team.habit.resource(model.name)))[:30]
    arn = world.arn("elasticloadbalancing", account, world.home, f"loadbalancer/app/{name}/{chance.hex(16)}")
    group_arn = world.arn("elasticloadbalancing", account, world.home, f"targetgroup/{group}/{chance.hex(16)}")
    instance_ids = [f"i-{chance.hex(17)}" for _ in range(model.size + 1)]
    deployed = announce(world, model, account, "prod", world.window.at(0.01), instance_ids)
    key = f"elbv2:DescribeLoadBalancers {arn}"
    clues = []
    if says(group + name, model.name):
        clues.append(by_model(model, "lineage: target of a load balancer", key))
    if says_environment(group, "prod"):
        clues.append(by_environment("name of the target group", key))
    if deployed:
        clues.append(_deployed(model, deployed))
    for instance_id in instance_ids:
        _run(world, model, instance_id, tuple(clues))
    replaced = f"i-{world.chance('replaced', model.name).hex(17)}"
    by_deployment = announce(world, model, account, "prod", world.before(40), [replaced])
    known = (_deployed(model, by_deployment),) if by_deployment else ()
    retire_instance(world, model, replaced, known)
    body: dict[str, Any] = {
        "LoadBalancerArn": arn,
        "DNSName": f"{name}-{chance.digits(9)}.{world.home}.elb.amazonaws.com",
        "LoadBalancerName": name,
        "Scheme": "internal",
        "Type": "application",
        "State": {"Code": "active"},
        "CreatedTime": iso(world.before(80)),
        "TargetGroups": [
            {
                "TargetGroupArn": group_arn,
                "TargetGroupName": group,
                "TargetType": "instance",
                "Protocol": "HTTP",
                "Port": 8080,
                "Targets": [{"Id": instance_id, "Port": 8080} for instance_id in instance_ids],
            }
        ],
    }
    owner = of_model(model, "prod", "networking")
    tags = world.tags(arn, owner)
    balancer = world.create("elbv2:DescribeLoadBalancers", arn, account, world.home, owner, body, tags=tags)
    in_group = (by_model(model, "name of the target group", key),) if says(group, model.name) else ()
    balance(world, balancer, in_group, "Application")


def _deployed(model: Model, key: str) -> Clue:
    return Clue("deployment by CI", frozenset({MODEL, ENVIRONMENT}), (key,), (named(model.name),))


def _run(world: World, model: Model, instance_id: str, clues: tuple[Clue, ...]) -> None:
    """Run an instance with its disk."""
    account = world.organisation.account_of(model.team, "prod")
    owner = of_model(model, "prod", "inference")
    started = world.before(25)
    body = {
        "InstanceId": instance_id,
        "InstanceType": model.instance,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(started),
        "Placement": {"AvailabilityZone": f"{world.home}b"},
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{account.id}:instance-profile/gpu-inference"},
    }
    tags = world.tags(instance_id, owner)
    instance = world.create(
        "ec2:DescribeInstances", instance_id, account, world.home, owner, body, created=started, tags=tags
    )
    reserved = _reserved_capacity(world, model)
    world.bill(
        instance, instance_hours(model.instance, world.home), 1, clues=clues, zone=f"{world.home}b", extra=reserved
    )
    _keep_disk(world, instance, clues)
    chance = world.chance("public address", instance_id)
    if chance.maybe(0.5):
        attachment = {"InstanceId": instance_id, "DeviceIndex": 0, "Status": "attached"}
        attach_address(world, instance, "interface of an instance", clues, chance, Attachment=attachment)


def _keep_disk(world: World, instance: Resource, clues: tuple[Clue, ...]) -> None:
    volume = f"vol-{world.chance('disk', instance.id).hex(17)}"
    started = iso(world.before(25))
    body = {
        "VolumeId": volume,
        "VolumeType": "gp3",
        "Size": DISK,
        "State": "in-use",
        "CreateTime": started,
        "Attachments": [{"InstanceId": instance.id, "State": "attached", "VolumeId": volume, "AttachTime": started}],
    }
    owner = instance.owner.at("storage")
    disk = world.create(
        "ec2:DescribeVolumes", volume, instance.account, world.home, owner, body, created=world.before(25)
    )
    world.bill(disk, GP3, stored(DISK), clues=through("disk of an instance, ", clues, disk.key))


def _reserved_capacity(world: World, model: Model) -> dict[str, str]:
    """Let the instances run in a capacity reservation, where accelerators are hard to get."""
    chance = world.chance("capacity reservation", model.name)
    if not chance.maybe(0.5):
        return {}
    account = world.organisation.account_of(model.team, "prod")
    return {"capacity_reservation": world.arn("ec2", account, world.home, f"capacity-reservation/cr-{chance.hex(17)}")}
