"""Models served from plain EC2 instances behind a load balancer; nobody tagged the instances."""

from typing import Any

from mlcost_assets.demo.catalogue import EC2
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.endpoints import announce
from mlcost_assets.demo.exposure import balance, bill_volume
from mlcost_assets.demo.organisation import US, Model
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, Clue, named, of_model
from mlcost_assets.demo.prices import ec2
from mlcost_assets.demo.world import World, environment_in, flat


def serve_from_instances(world: World) -> None:
    """Serve those models that run on instances of their own."""
    for model in world.organisation.served("instances"):
        _serve(world, model)


def _serve(world: World, model: Model) -> None:
    account = world.organisation.ml_account("prod")
    chance = world.chance("instances", model.name)
    group = model.team.habit.resource(model.name, "tg", environment="prod")[:32]
    balancer_name = chance.one((f"{model.team.name}-inference", model.team.habit.resource(model.name)))[:30]
    suffix = chance.hex(16)
    balancer = world.arn("elasticloadbalancing", account, US, f"loadbalancer/app/{balancer_name}/{suffix}")
    group_arn = world.arn("elasticloadbalancing", account, US, f"targetgroup/{group}/{chance.hex(16)}")
    instance_ids = [f"i-{chance.hex(17)}" for _ in range(model.size + 1)]
    owner = of_model(model, "prod", "inference")
    deployed = announce(world, model, account, "prod", world.window.at(0.01), instance_ids)
    balancer_key = f"elbv2:DescribeLoadBalancers {balancer}"
    for instance_id in instance_ids:
        clues = (
            [
                Clue(
                    "lineage: target of a load balancer",
                    frozenset({MODEL}),
                    (balancer_key,),
                    (named(model.name),),
                )
            ]
            if flat(model.name) in flat(group + balancer_name)
            else []
        )
        if environment_in(group, "prod"):
            clues.append(Clue("name of the target group", frozenset({ENVIRONMENT}), (balancer_key,)))
        if deployed:
            clues.append(Clue("deployment by CI", frozenset({MODEL, ENVIRONMENT}), (deployed,), (named(model.name),)))
        _instance(world, model, instance_id, tuple(clues))
    body: dict[str, Any] = {
        "LoadBalancerArn": balancer,
        "DNSName": f"{balancer_name}-{chance.digits(9)}.{US}.elb.amazonaws.com",
        "LoadBalancerName": balancer_name,
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
    tags = world.tags(balancer, owner.at("networking"))
    world.record("elbv2:DescribeLoadBalancers", balancer, account, US, body, tags=tags)
    resource = world.resource(balancer, account, US, owner.at("networking"), key=balancer_key, tags=tags)
    by_name = (Clue("name of the target group", frozenset({MODEL}), (balancer_key,), (named(model.name),)),)
    balance(world, resource, by_name if flat(model.name) in flat(group) else (), "app")


def _instance(world: World, model: Model, instance_id: str, clues: tuple[Clue, ...]) -> None:
    account = world.organisation.ml_account("prod")
    owner = of_model(model, "prod", "inference")
    tags = world.tags(instance_id, owner)
    started = world.before(25)
    body = {
        "InstanceId": instance_id,
        "InstanceType": model.instance,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(started),
        "Placement": {"AvailabilityZone": "us-east-1b"},
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{account.id}:instance-profile/gpu-inference"},
    }
    key = world.record("ec2:DescribeInstances", instance_id, account, US, body, created=started, tags=tags)
    resource = world.resource(instance_id, account, US, owner, key=key, tags=tags)
    rate = ec2(model.instance)
    world.bill(
        resource,
        EC2,
        f"BoxUsage:{model.instance}",
        "RunInstances",
        world.window.start,
        world.window.end,
        quantity=1,
        rate=rate,
        unit="Hrs",
        clues=clues,
        instance_type=model.instance,
        zone="us-east-1b",
        description=f"${rate} per On Demand Linux {model.instance} Instance Hour",
        extra=_reserved_capacity(world, model),
    )
    volume = f"vol-{world.chance('disk', instance_id).hex(17)}"
    disk_body = {
        "VolumeId": volume,
        "VolumeType": "gp3",
        "Size": 300,
        "State": "in-use",
        "CreateTime": iso(started),
        "Attachments": [
            {"InstanceId": instance_id, "State": "attached", "VolumeId": volume, "AttachTime": iso(started)}
        ],
    }
    disk_key = world.record("ec2:DescribeVolumes", volume, account, US, disk_body, created=started)
    on = tuple(Clue(f"disk of an instance, {c.text}", c.tells, (disk_key, *c.needs), c.also) for c in clues)
    bill_volume(world, world.resource(volume, account, US, owner.at("storage"), key=disk_key), 300, on)


def _reserved_capacity(world: World, model: Model) -> dict[str, str]:
    """Let the instances run in a capacity reservation, where accelerators are hard to get."""
    chance = world.chance("capacity reservation", model.name)
    if not chance.maybe(0.5):
        return {}
    account = world.organisation.ml_account("prod")
    return {"capacity_reservation": world.arn("ec2", account, US, f"capacity-reservation/cr-{chance.hex(17)}")}
