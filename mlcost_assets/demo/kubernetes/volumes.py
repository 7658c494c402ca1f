"""Persistent volumes with models' caches, and snapshots of them."""

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.kubernetes.cluster import Cluster
from mlcost_assets.demo.money.meters import GP3, daily, stored
from mlcost_assets.demo.money.products import SNAPSHOT
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, by_team, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

SIZE = 500
SNAPSHOT_SIZE = 300
SNAPSHOT_STORAGE = daily(
    SNAPSHOT,
    "EBS:SnapshotUsage",
    "CreateSnapshot",
    "0.05",
    "GB-Mo",
    "$0.05 per GB-Month of snapshot data stored",
)


def claim_of(world: World, model: Model) -> str:
    """Name the claim of a model's cache volume."""
    chance = world.chance("claim", model.name)
    return f"{model.name}-cache" if chance.maybe(0.7) else f"data-{chance.code(6)}-0"


def keep_volume(world: World, cluster: Cluster, model: Model, *, snapshot: bool) -> None:
    """Keep a persistent volume with a model's cache, and a snapshot of it perhaps."""
    chance = world.chance("persistent volume", model.name)
    volume_id = f"vol-{chance.hex(17)}"
    claimed = _record_claim(world, cluster, model, volume_id, chance.uuid())
    system = {
        "kubernetes.io/created-for/pvc/name": claim_of(world, model),
        "kubernetes.io/created-for/pvc/namespace": model.team.namespace,
    }
    body = {
        "VolumeId": volume_id,
        "VolumeType": "gp3",
        "Size": SIZE,
        "State": "in-use",
        "CreateTime": iso(world.before(50)),
        "AvailabilityZone": f"{cluster.region}a",
    }
    owner = of_model(model, "prod", "storage")
    volume = world.create(
        "ec2:DescribeVolumes", volume_id, cluster.account, cluster.region, owner, body, tags=Tags(system=system)
    )
    clues = _clues(world, cluster, model, volume, claimed)
    world.bill(volume, GP3, stored(SIZE), clues=clues)
    if snapshot:
        _take_snapshot(world, volume, clues)


def _record_claim(world: World, cluster: Cluster, model: Model, volume_id: str, uid: str) -> str:
    claim = {
        "kind": "PersistentVolumeClaim",
        "namespace": model.team.namespace,
        "name": claim_of(world, model),
    }
    body = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{uid}", "uid": uid, "creationTimestamp": iso(world.before(50))},
        "spec": {
            "capacity": {"storage": f"{SIZE}Gi"},
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": volume_id},
            "claimRef": claim,
        },
    }
    record_id = f"{cluster.arn}/PersistentVolume/{uid}"
    return world.record("k8s:PersistentVolume", record_id, cluster.account, cluster.region, body, tags=None)


def _clues(world: World, cluster: Cluster, model: Model, volume: Resource, claimed: str) -> tuple[Clue, ...]:
    """Say how a volume can be found: by its claim, in the API or in tags, and by the pods that use it."""
    claim = claim_of(world, model)
    ways: list[tuple[str, tuple[str, ...]]] = [
        ("persistent volume", (claimed,)),
        ("tag of the volume", (volume.key,)),
    ]
    if world.tagger.is_active("kubernetes.io/created-for/pvc/name", world.window.start):
        ways.append(("claim in the bill", ()))
    clues = []
    for text, needs in ways:
        if says(claim, model.name):
            clues.append(by_model(model, text, *needs))
        if says(model.team.namespace, model.team.name):
            clues.append(by_team(f"{text}, namespace", *needs))
    users = [pod for node in cluster.nodes for pod in node.pods if pod.workload.claim == claim]
    clues += [
        by_model(model, "volume of a pod", claimed, pod.key)
        for pod in users[:2]
        if says(str(pod.workload.labels) + pod.name, model.name)
    ]
    return tuple(clues)


def _take_snapshot(world: World, volume: Resource, clues: tuple[Clue, ...]) -> None:
    account, region = volume.account, volume.region
    snapshot_id = f"snap-{world.chance('snapshot', volume.id).hex(17)}"
    body = {
        "SnapshotId": snapshot_id,
        "VolumeId": volume.id,
        "State": "completed",
        "StartTime": iso(world.before(10)),
        "OwnerId": account.id,
        "VolumeSize": SIZE,
    }
    snapshot = world.create(
        "ec2:DescribeSnapshots",
        snapshot_id,
        account,
        region,
        volume.owner,
        body,
        billed_as=world.arn("ec2", account, region, f"snapshot/{snapshot_id}"),
    )
    on = through("snapshot of a volume, ", clues, snapshot.key)
    world.bill(snapshot, SNAPSHOT_STORAGE, stored(SNAPSHOT_SIZE), clues=on)
