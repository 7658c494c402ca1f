"""Nodes and pods as APIs show them and as the bill counts them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.catalogue import EBS, EC2
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.ledger import Placement, Scope
from mlcost_assets.demo.organisation import Account, Team
from mlcost_assets.demo.owners import Clue, Owner, Share
from mlcost_assets.demo.prices import SHAPES, ec2
from mlcost_assets.demo.tagging import Tags
from mlcost_assets.demo.world import Resource, World

READY = timedelta(minutes=5)
SPOT_RATIO = Decimal("0.42")


ROOT_VOLUME = 200


@dataclass(frozen=True)
class Workload:
    """What pods are made from: a deployment, a job, a daemon set."""

    name: str
    namespace: str
    controller: str
    owner: Owner
    image: str
    labels: tuple[tuple[str, str], ...]
    vcpu: Decimal
    memory: Decimal
    gpus: int = 0
    claim: str = ""


@dataclass
class Pod:
    """One pod, from its start to its end; a job's pod stays visible after it has finished."""

    workload: Workload
    uid: str
    name: str
    start: datetime
    end: datetime
    key: str = ""
    finishes: bool = False


@dataclass
class Node:
    """An instance that is a node of a cluster."""

    instance_id: str
    name: str
    instance_type: str
    provisioner: str
    start: datetime
    end: datetime
    spot: bool = False
    pods: list[Pod] = field(default_factory=list)
    covered_by: str = ""


@dataclass
class Cluster:
    """An EKS cluster with its nodes."""

    name: str
    account: Account
    region: str
    splits_cost: bool
    team: Team
    arn: str
    key: str = ""
    owner_clues: tuple[Clue, ...] = ()
    nodes: list[Node] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """The costs over which the control plane is divided."""
        return Scope("cluster", self.arn)


def node_uid(node: Node) -> str:
    """Make the Kubernetes uid of a node."""
    digits = (node.instance_id[2:] * 3)[:32]
    return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "b" + digits[17:20], digits[20:]))


def system_tags(cluster: Cluster, node: Node) -> dict[str, str]:
    """Give the tags that the provisioner sets; a scheduler of one's own sets none."""
    if node.provisioner == "managed":
        return {
            "eks:cluster-name": cluster.name,
            "eks:nodegroup-name": f"{cluster.name}-{node.instance_type.split('.')[0]}",
            "aws:eks:cluster-name": cluster.name,
            f"kubernetes.io/cluster/{cluster.name}": "owned",
            "aws:autoscaling:groupName": f"eks-{cluster.name}-{node.instance_type.split('.')[0]}",
        }
    if node.provisioner == "karpenter":
        return {
            "karpenter.sh/nodepool": "gpu" if SHAPES[node.instance_type].gpus else "default",
            "karpenter.sh/nodeclaim": f"default-{node.instance_id[-5:]}",
            "karpenter.k8s.aws/ec2nodeclass": "default",
            "eks:eks-cluster-name": cluster.name,
            f"kubernetes.io/cluster/{cluster.name}": "owned",
        }
    return {}


def record_node(world: World, cluster: Cluster, node: Node) -> Resource:
    """Record a node as an instance and as a Kubernetes object."""
    tags = Tags(system=system_tags(cluster, node))
    body: dict[str, Any] = {
        "InstanceId": node.instance_id,
        "InstanceType": node.instance_type,
        "State": {"Code": 16, "Name": "running"},
        "LaunchTime": iso(node.start),
        "PrivateDnsName": node.name,
        "Placement": {"AvailabilityZone": f"{cluster.region}a"},
        "VpcId": f"vpc-{world.chance('vpc', cluster.account.id).hex(17)}",
    }
    if node.spot:
        body["InstanceLifecycle"] = "spot"
    if node.provisioner != "scheduler":
        body["IamInstanceProfile"] = {"Arn": f"arn:aws:iam::{cluster.account.id}:instance-profile/{cluster.name}-node"}
    lives: dict[str, Any] = {"created": node.start, "gone": node.end}
    key = world.record(
        "ec2:DescribeInstances", node.instance_id, cluster.account, cluster.region, body, tags=tags, **lives
    )
    shape = SHAPES[node.instance_type]
    labels = {
        "node.kubernetes.io/instance-type": node.instance_type,
        "topology.kubernetes.io/zone": f"{cluster.region}a",
    }
    if node.provisioner == "karpenter":
        labels["karpenter.sh/capacity-type"] = "spot" if node.spot else "on-demand"
    capacity = {"cpu": str(shape.vcpu), "memory": f"{shape.memory}Gi", "nvidia.com/gpu": str(shape.gpus)}
    node_body = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "uid": node_uid(node),
            "labels": labels,
            "creationTimestamp": iso(node.start + READY),
        },
        "spec": {"providerID": f"aws:///{cluster.region}a/{node.instance_id}"},
        "status": {"capacity": capacity, "allocatable": capacity},
    }
    world.record(
        "k8s:Node",
        f"{cluster.arn}/Node/{node_uid(node)}",
        cluster.account,
        cluster.region,
        node_body,
        tags=None,
        **lives,
    )
    return world.resource(node.instance_id, cluster.account, cluster.region, Owner(), key=key, tags=tags)


def bill_node(
    world: World, cluster: Cluster, node: Node, resource: Resource, day: datetime, shares: list[Share]
) -> None:
    """Bill one day of a node."""
    price = ec2(node.instance_type, cluster.region)
    rate, usage, operation = price, "BoxUsage", "RunInstances"
    options: dict[str, Any] = {}
    if node.spot:
        rate, usage, operation = (
            (price * SPOT_RATIO).quantize(Decimal("0.0001")),
            "SpotUsage",
            "RunInstances:SV052",
        )
        options["public_rate"] = Decimal(-1)  # AWS leaves the public price of spot usage out
    elif node.covered_by:
        options = {
            "covered_by": node.covered_by,
            "covered_rate": (price * Decimal("0.72")).quantize(Decimal("0.000001")),
            "line_item_type": "SavingsPlanCoveredUsage",
        }
    world.bill(
        resource,
        EC2,
        f"{usage}:{node.instance_type}",
        operation,
        max(node.start, day),
        min(node.end, day + DAY),
        quantity=1,
        rate=rate,
        unit="Hrs",
        shares=shares,
        instance_type=node.instance_type,
        zone=f"{cluster.region}a",
        description=f"${rate} per {'Spot' if node.spot else 'On Demand'} Linux {node.instance_type} Instance Hour",
        scopes=(cluster.scope,),
        split_cluster=cluster.arn if cluster.splits_cost else "",
        **options,
    )


def record_disk(world: World, cluster: Cluster, node: Node) -> Resource:
    """Record the root disk of a node."""
    volume = f"vol-{world.chance('disk', node.instance_id).hex(17)}"
    body = {
        "VolumeId": volume,
        "VolumeType": "gp3",
        "Size": ROOT_VOLUME,
        "State": "in-use",
        "CreateTime": iso(node.start),
        "AvailabilityZone": f"{cluster.region}a",
        "Attachments": [
            {
                "InstanceId": node.instance_id,
                "State": "attached",
                "VolumeId": volume,
                "AttachTime": iso(node.start),
                "DeleteOnTermination": True,
            }
        ],
    }
    tags = Tags(system={key: value for key, value in system_tags(cluster, node).items() if key.startswith("karpenter")})
    key = world.record(
        "ec2:DescribeVolumes",
        volume,
        cluster.account,
        cluster.region,
        body,
        created=node.start,
        gone=node.end,
        tags=tags,
    )
    return world.resource(volume, cluster.account, cluster.region, Owner(stage="storage"), key=key, tags=tags)


def bill_disk(world: World, cluster: Cluster, node: Node, disk: Resource, day: datetime, shares: list[Share]) -> None:
    """The root disk goes with its instance."""
    world.bill(
        disk,
        EBS,
        "EBS:VolumeUsage.gp3",
        "CreateVolume-Gp3",
        max(node.start, day),
        min(node.end, day + DAY),
        quantity=(Decimal(ROOT_VOLUME) / Decimal("30.4")).quantize(Decimal("0.00000001")),
        rate=Decimal("0.08"),
        unit="GB-Mo",
        step="day",
        shares=[
            Share(
                share.owner.at("storage"),
                share.weight,
                tuple(
                    Clue(f"disk of a node, {clue.text}", clue.tells, (disk.key, *clue.needs), clue.also)
                    for clue in share.clues
                ),
            )
            for share in shares
        ],
        description="$0.08 per GB-month of General Purpose (gp3) provisioned storage",
        scopes=(cluster.scope,),
    )


def split_cost(world: World, cluster: Cluster, node: Node) -> None:
    """Place the pods of a node for split cost allocation data."""
    for pod in node.pods:
        workload = pod.workload
        start, end = world.window.clip(pod.start, pod.end)
        if end <= start:
            continue
        tags = {
            "aws_eks_cluster_name": cluster.name,
            "aws_eks_namespace": workload.namespace,
            "aws_eks_node": node.name,
            "aws_eks_workload_name": workload.name,
            "aws_eks_workload_type": workload.controller,
        }
        if workload.controller == "Deployment":
            tags["aws_eks_deployment"] = workload.name
        if world.imports_labels:
            tags.update(
                {
                    f"user_{key.replace('/', '_').replace('.', '_').replace('-', '_')}": value
                    for key, value in workload.labels
                }
            )
        pod_arn = world.arn(
            "eks",
            cluster.account,
            cluster.region,
            f"pod/{cluster.name}/{workload.namespace}/{pod.name}/{pod.uid}",
        )
        world.ledger.placements.append(
            Placement(
                node.instance_id,
                pod_arn,
                start,
                end,
                workload.vcpu,
                workload.memory,
                workload.gpus,
                tuple(tags.items()),
            )
        )
