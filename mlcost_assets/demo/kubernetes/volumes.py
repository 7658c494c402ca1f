"""Persistent volumes with models' caches, and snapshots of them."""

from collections.abc import Iterator

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.kubernetes.cluster import Cluster, Pod
from mlcost_assets.demo.money.meters import GP3, SNAPSHOTS, daily, stored
from mlcost_assets.demo.money.products import EFS
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.truth.clues import Clue, by_environment, by_model, by_team, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

SIZE = 500
SNAPSHOT_SIZE = 300
DATASETS = 1200
ELASTIC_STORAGE = daily(EFS, "TimedStorage-ByteHrs", "", "0.30", "GB-Mo", "$0.30 per GB-Mo for Standard storage")


def claim_of(world: World, model: Model) -> str:
    """Name the claim of a model's cache volume."""
    chance = world.chance("claim", model.name)
    return f"{model.name}-cache" if chance.maybe(0.7) else f"data-{chance.code(6)}-0"


def datasets_of(world: World, model: Model) -> str:
    """Name the claim of a file system with a model's datasets."""
    chance = world.chance("datasets claim", model.name)
    return f"{model.name}-datasets" if chance.maybe(0.6) else f"shared-{chance.code(5)}"


def keep_volume(world: World, cluster: Cluster, model: Model, *, snapshot: bool) -> None:
    """Keep a persistent volume with a model's cache, and a snapshot of it perhaps."""
    chance = world.chance("persistent volume", model.name)
    volume_id = f"vol-{chance.hex(17)}"
    handle = {"driver": "ebs.csi.aws.com", "volumeHandle": volume_id}
    claimed = _record_claim(world, cluster, model, claim_of(world, model), handle, chance.uuid())
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


def keep_datasets(world: World, cluster: Cluster, model: Model, worker: Pod) -> None:
    """Keep an elastic file system with datasets, which a pod mounts."""
    chance = world.chance("datasets", model.name)
    file_system = f"fs-{chance.hex(17)}"
    handle = {"driver": "efs.csi.aws.com", "volumeHandle": f"{file_system}::fsap-{chance.hex(17)}"}
    claim = datasets_of(world, model)
    claimed = _record_claim(world, cluster, model, claim, handle, chance.uuid())
    arn = world.arn("elasticfilesystem", cluster.account, cluster.region, f"file-system/{file_system}")
    body = {
        "OwnerId": cluster.account.id,
        "CreationToken": chance.uuid(),
        "FileSystemId": file_system,
        "FileSystemArn": arn,
        "CreationTime": iso(world.before(120)),
        "LifeCycleState": "available",
        "SizeInBytes": {"Value": DATASETS * 1024**3},
        "Tags": [],
    }
    owner = of_model(model, "prod", "storage")
    created = world.before(120)
    kind = "efs:DescribeFileSystems"
    datasets = world.create(kind, arn, cluster.account, cluster.region, owner, body, created=created)
    clues = []
    if says(claim, model.name):
        clues.append(by_model(model, "persistent volume", claimed))
    if says(model.team.namespace, model.team.name):
        clues.append(by_team("persistent volume, namespace", claimed))
    clues += _clues_in_pod(cluster, model, worker, claimed)
    world.bill(datasets, ELASTIC_STORAGE, stored(DATASETS), clues=tuple(clues))


def _record_claim(world: World, cluster: Cluster, model: Model, claim: str, handle: dict[str, str], uid: str) -> str:
    body = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{uid}", "uid": uid, "creationTimestamp": iso(world.before(50))},
        "spec": {
            "capacity": {"storage": f"{SIZE}Gi"},
            "csi": handle,
            "claimRef": {"kind": "PersistentVolumeClaim", "namespace": model.team.namespace, "name": claim},
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
    return (*clues, *(clue for pod in users[:2] for clue in _clues_in_pod(cluster, model, pod, claimed)))


def _clues_in_pod(cluster: Cluster, model: Model, pod: Pod, claimed: str) -> Iterator[Clue]:
    """Say what a pod tells of a volume that it claims."""
    if says(str(pod.workload.labels) + pod.name, model.name):
        yield by_model(model, "volume of a pod", claimed, pod.key)
    if says_environment(f"{pod.workload.namespace} {cluster.name}", "prod"):
        yield by_environment("volume of a pod", claimed, pod.key)


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
    world.bill(snapshot, SNAPSHOTS, stored(SNAPSHOT_SIZE), clues=on)
