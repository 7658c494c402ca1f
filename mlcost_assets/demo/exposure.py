"""What a model on Kubernetes needs besides pods: load balancers, public addresses, volumes, snapshots."""

from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import EBS, ELB, SNAPSHOT, VPC
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.nodes import Cluster
from mlcost_assets.demo.organisation import Model
from mlcost_assets.demo.owners import MODEL, TEAM, Clue, Owner, named, of_model
from mlcost_assets.demo.tagging import Tags
from mlcost_assets.demo.world import Resource, World, flat


def claim_of(world: World, model: Model) -> str:
    """Name the claim of a model's cache volume."""
    chance = world.chance("claim", model.name)
    return f"{model.name}-cache" if chance.maybe(0.7) else f"data-{chance.code(6)}-0"


def expose(world: World, cluster: Cluster, model: Model) -> None:
    """Put a network load balancer before a model's service; its public address is billed on its interface."""
    chance = world.chance("service", model.name)
    if chance.maybe(0.35):
        return
    suffix = chance.hex(16)
    name = f"k8s-{model.team.namespace[:8]}-{model.name.replace('-', '')[:8]}-{suffix[:10]}"
    arn = world.arn("elasticloadbalancing", cluster.account, cluster.region, f"loadbalancer/net/{name}/{suffix}")
    host = f"{name}-{suffix}.elb.{cluster.region}.amazonaws.com"
    service_id = f"{cluster.arn}/Service/{chance.uuid()}"
    body = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": model.name,
            "namespace": model.team.namespace,
            "uid": service_id.rsplit("/", 1)[1],
            "labels": {"app.kubernetes.io/name": model.name},
        },
        "spec": {"type": "LoadBalancer", "selector": {"app.kubernetes.io/name": model.name}},
        "status": {"loadBalancer": {"ingress": [{"hostname": host}]}},
    }
    service_key = world.record("k8s:Service", service_id, cluster.account, cluster.region, body, tags=None)
    owner = of_model(model, "prod", "networking")
    tags = world.tags(arn, owner, {"elbv2.k8s.aws/cluster": cluster.name})
    balancer_body = {
        "LoadBalancerArn": arn,
        "DNSName": host,
        "LoadBalancerName": name,
        "Scheme": "internet-facing",
        "Type": "network",
        "State": {"Code": "active"},
        "CreatedTime": iso(world.before(60)),
        "TargetGroups": [],
    }
    key = world.record("elbv2:DescribeLoadBalancers", arn, cluster.account, cluster.region, balancer_body, tags=tags)
    resource = world.resource(arn, cluster.account, cluster.region, owner, key=key, tags=tags)
    clues = (
        Clue(
            "lineage: load balancer of a service",
            frozenset({MODEL}),
            (key, service_key),
            (named(model.name),),
        ),
        *(
            (Clue("namespace of the service", frozenset({TEAM}), (key, service_key)),)
            if flat(model.team.name) in flat(model.team.namespace)
            else ()
        ),
    )
    balance(world, resource, clues, "net")
    interface(world, cluster, f"ELB net/{name}/{suffix}", owner, clues, chance)


def balance(world: World, resource: Resource, clues: tuple[Clue, ...], kind: str) -> None:
    """Bill a load balancer: its hours and its capacity units."""
    operation = "LoadBalancing:Network" if kind == "net" else "LoadBalancing:Application"
    for usage, step, quantity, rate, unit in (
        ("LoadBalancerUsage", "hour", Decimal(1), Decimal("0.0225"), "Hrs"),
        ("LCUUsage", "day", Decimal("14.4"), Decimal("0.006"), "LCU-Hrs"),
    ):
        world.bill(
            resource,
            ELB,
            usage,
            operation,
            world.window.start,
            world.window.end,
            quantity=quantity,
            rate=rate,
            unit=unit,
            step=step,
            clues=clues,
            description=f"${rate} per {unit} {usage}",
        )


def interface(
    world: World, cluster: Cluster, description: str, owner: Owner, clues: tuple[Clue, ...], chance: Chance
) -> None:
    """Bill the public address of an interface, whose description names what it belongs to."""
    interface_id = f"eni-{chance.hex(17)}"
    arn = world.arn("ec2", cluster.account, cluster.region, f"network-interface/{interface_id}")
    body = {
        "NetworkInterfaceId": interface_id,
        "Description": description,
        "InterfaceType": "network_load_balancer",
        "RequesterManaged": True,
        "Status": "in-use",
        "OwnerId": cluster.account.id,
        "Association": {"PublicIp": f"52.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"},
    }
    key = world.record("ec2:DescribeNetworkInterfaces", interface_id, cluster.account, cluster.region, body)
    on = tuple(
        Clue(f"interface of a load balancer, {clue.text}", clue.tells, (key, *clue.needs), clue.also) for clue in clues
    )
    world.bill(
        world.resource(arn, cluster.account, cluster.region, owner, key=key),
        VPC,
        "PublicIPv4:InUseAddress",
        "AllocateAddressVPC",
        world.window.start,
        world.window.end,
        quantity=24,
        rate=Decimal("0.005"),
        unit="Hrs",
        step="day",
        clues=on,
        description="$0.005 per In-use public IPv4 address per hour",
    )


def keep_volume(world: World, cluster: Cluster, model: Model, *, snapshot: bool) -> None:
    """Keep a persistent volume with a model's cache, and a snapshot of it perhaps."""
    chance = world.chance("persistent volume", model.name)
    volume = f"vol-{chance.hex(17)}"
    claim = claim_of(world, model)
    uid = chance.uuid()
    volume_id = f"{cluster.arn}/PersistentVolume/{uid}"
    body = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{uid}", "uid": uid, "creationTimestamp": iso(world.before(50))},
        "spec": {
            "capacity": {"storage": "500Gi"},
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": volume},
            "claimRef": {"kind": "PersistentVolumeClaim", "namespace": model.team.namespace, "name": claim},
        },
    }
    claimed = world.record("k8s:PersistentVolume", volume_id, cluster.account, cluster.region, body, tags=None)
    system = {
        "kubernetes.io/created-for/pvc/name": claim,
        "kubernetes.io/created-for/pvc/namespace": model.team.namespace,
    }
    _claimed_volume(world, cluster, model, volume, claim, claimed, Tags(system=system), snapshot=snapshot)


def _claimed_volume(
    world: World,
    cluster: Cluster,
    model: Model,
    volume: str,
    claim: str,
    claimed: str,
    tags: Tags,
    *,
    snapshot: bool,
) -> None:
    owner = of_model(model, "prod", "storage")
    body: dict[str, Any] = {
        "VolumeId": volume,
        "VolumeType": "gp3",
        "Size": 500,
        "State": "in-use",
        "CreateTime": iso(world.before(50)),
        "AvailabilityZone": f"{cluster.region}a",
    }
    key = world.record("ec2:DescribeVolumes", volume, cluster.account, cluster.region, body, tags=tags)
    clues: list[Clue] = []
    ways: list[tuple[str, tuple[str, ...]]] = [
        ("persistent volume", (claimed,)),
        ("tag of the volume", (key,)),
    ]
    if world.tagger.is_active("kubernetes.io/created-for/pvc/name", world.window.start):
        ways.append(("claim in the bill", ()))
    for text, needs in ways:
        if flat(model.name) in flat(claim):
            clues.append(Clue(text, frozenset({MODEL}), needs, (named(model.name),)))
        if flat(model.team.name) in flat(model.team.namespace):
            clues.append(Clue(f"{text}, namespace", frozenset({TEAM}), needs))
    users = [pod for node in cluster.nodes for pod in node.pods if pod.workload.claim == claim]
    clues += [
        Clue("volume of a pod", frozenset({MODEL}), (claimed, pod.key), (named(model.name),))
        for pod in users[:2]
        if flat(model.name) in flat(str(pod.workload.labels) + pod.name)
    ]
    bill_volume(
        world,
        world.resource(volume, cluster.account, cluster.region, owner, key=key, tags=tags),
        500,
        tuple(clues),
    )
    if not snapshot:
        return
    snapshot_id = f"snap-{world.chance('snapshot', volume).hex(17)}"
    arn = world.arn("ec2", cluster.account, cluster.region, f"snapshot/{snapshot_id}")
    body = {
        "SnapshotId": snapshot_id,
        "VolumeId": volume,
        "State": "completed",
        "StartTime": iso(world.before(10)),
        "OwnerId": cluster.account.id,
        "VolumeSize": 500,
    }
    snapshot_key = world.record("ec2:DescribeSnapshots", snapshot_id, cluster.account, cluster.region, body)
    world.bill(
        world.resource(arn, cluster.account, cluster.region, owner, key=snapshot_key),
        SNAPSHOT,
        "EBS:SnapshotUsage",
        "CreateSnapshot",
        world.window.start,
        world.window.end,
        quantity=Decimal("9.86842105"),
        rate=Decimal("0.05"),
        unit="GB-Mo",
        step="day",
        clues=tuple(Clue(f"snapshot of a volume, {c.text}", c.tells, (snapshot_key, *c.needs), c.also) for c in clues),
        description="$0.05 per GB-Month of snapshot data stored",
    )


def bill_volume(world: World, resource: Resource, size: int, clues: tuple[Clue, ...]) -> None:
    """Bill a gp3 volume."""
    world.bill(
        resource,
        EBS,
        "EBS:VolumeUsage.gp3",
        "CreateVolume-Gp3",
        world.window.start,
        world.window.end,
        quantity=(Decimal(size) / Decimal("30.4")).quantize(Decimal("0.00000001")),
        rate=Decimal("0.08"),
        unit="GB-Mo",
        step="day",
        clues=clues,
        description="$0.08 per GB-month of General Purpose (gp3) provisioned storage",
    )
