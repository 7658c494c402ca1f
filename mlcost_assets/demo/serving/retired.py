"""What an instance leaves behind when it is gone: its disk, and a snapshot of another disk that was deleted."""

from datetime import datetime
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import GP3, SNAPSHOTS, instance_hours, stored
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Clue, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

DISK = 400


def retire_instance(world: World, model: Model, instance_id: str, clues: tuple[Clue, ...]) -> None:
    """Run an instance until it is replaced; one of its disks stays, of the other one only a snapshot."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("retired", instance_id)
    begin, gone = world.before(60), world.window.at(chance.uniform(0.3, 0.5))
    owner = of_model(model, "prod", "inference")
    body = {
        "InstanceId": instance_id,
        "InstanceType": model.instance,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(begin),
        "Placement": {"AvailabilityZone": f"{world.home}b"},
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{account.id}:instance-profile/gpu-inference"},
    }
    tags = world.tags(instance_id, owner)
    instance = world.create(
        "ec2:DescribeInstances", instance_id, account, world.home, owner, body, created=begin, gone=gone, tags=tags
    )
    world.bill(instance, instance_hours(model.instance, world.home), 1, None, gone, clues=clues)
    left = _disk(world, instance, chance, begin, gone, stays=True)
    world.bill(left, GP3, stored(DISK), clues=through("disk that an instance left, ", clues, left.key))
    deleted = _disk(world, instance, chance, begin, gone, stays=False)
    world.bill(deleted, GP3, stored(DISK), None, gone, clues=through("disk of an instance, ", clues, deleted.key))
    _snapshot(world, deleted, chance, through("snapshot of a deleted disk, ", clues, deleted.key))


def _disk(
    world: World, instance: Resource, chance: Chance, begin: datetime, gone: datetime, *, stays: bool
) -> Resource:
    volume = f"vol-{chance.hex(17)}"
    attached: dict[str, Any] = {
        "VolumeId": volume,
        "VolumeType": "gp3",
        "Size": DISK,
        "State": "in-use",
        "CreateTime": iso(begin),
        "Attachments": [{"InstanceId": instance.id, "State": "attached", "VolumeId": volume, "AttachTime": iso(begin)}],
    }
    versions = [(begin, attached)]
    if stays:
        versions.append((gone, {**attached, "State": "available", "Attachments": []}))
    return world.create(
        "ec2:DescribeVolumes",
        volume,
        instance.account,
        instance.region,
        instance.owner.at("storage"),
        versions,
        gone=None if stays else gone,
    )


def _snapshot(world: World, disk: Resource, chance: Chance, clues: tuple[Clue, ...]) -> None:
    account, region = disk.account, disk.region
    snapshot_id = f"snap-{chance.hex(17)}"
    body = {
        "SnapshotId": snapshot_id,
        "VolumeId": disk.id,
        "State": "completed",
        "StartTime": iso(world.before(5)),
        "OwnerId": account.id,
        "VolumeSize": DISK,
    }
    snapshot = world.create(
        "ec2:DescribeSnapshots",
        snapshot_id,
        account,
        region,
        disk.owner,
        body,
        billed_as=world.arn("ec2", account, region, f"snapshot/{snapshot_id}"),
    )
    world.bill(snapshot, SNAPSHOTS, stored(DISK // 2), clues=through("", clues, snapshot.key))
