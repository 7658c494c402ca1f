"""Nodes as APIs show them and as the bill counts them: instances with their root disks."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.kubernetes.cluster import READY, Cluster, Node
from mlcost_assets.demo.money.commitments import COMPUTE_RATIO, covered
from mlcost_assets.demo.money.meters import GP3, Meter, instance_hours, stored
from mlcost_assets.demo.money.prices import SPOT_RATIO
from mlcost_assets.demo.truth.clues import Share, through
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World

ROOT_VOLUME = 200


def _system_tags(cluster: Cluster, node: Node) -> dict[str, str]:
    """Give the tags that the provisioner sets; a scheduler of one's own sets none."""
    if node.provisioner == "managed":
        family = node.instance_type.split(".")[0]
        return {
            "eks:cluster-name": cluster.name,
            "eks:nodegroup-name": f"{cluster.name}-{family}",
            "aws:eks:cluster-name": cluster.name,
            f"kubernetes.io/cluster/{cluster.name}": "owned",
            "aws:autoscaling:groupName": f"eks-{cluster.name}-{family}",
        }
    if node.provisioner == "karpenter":
        return {
            "karpenter.sh/nodepool": "gpu" if node.shape.gpus else "default",
            "karpenter.sh/nodeclaim": f"default-{node.instance_id[-5:]}",
            "karpenter.k8s.aws/ec2nodeclass": "default",
            "eks:eks-cluster-name": cluster.name,
            f"kubernetes.io/cluster/{cluster.name}": "owned",
        }
    return {}


def record_node(world: World, cluster: Cluster, node: Node) -> Resource:
    """Record a node as an instance and as a Kubernetes object."""
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
    world.record(
        "k8s:Node",
        f"{cluster.arn}/Node/{node.uid}",
        cluster.account,
        cluster.region,
        node_object(cluster, node),
        tags=None,
        **lives,
    )
    return world.create(
        "ec2:DescribeInstances",
        node.instance_id,
        cluster.account,
        cluster.region,
        Owner(),
        body,
        tags=Tags(system=_system_tags(cluster, node)),
        **lives,
    )


def node_object(cluster: Cluster, node: Node) -> dict[str, Any]:
    """Write a node as the Kubernetes API does."""
    zone = f"{cluster.region}a"
    labels = {"node.kubernetes.io/instance-type": node.instance_type, "topology.kubernetes.io/zone": zone}
    if node.provisioner == "karpenter":
        labels["karpenter.sh/capacity-type"] = "spot" if node.spot else "on-demand"
    shape = node.shape
    capacity = {"cpu": str(shape.vcpu), "memory": f"{shape.memory}Gi", "nvidia.com/gpu": str(shape.gpus)}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": node.name,
            "uid": node.uid,
            "labels": labels,
            "creationTimestamp": iso(node.start + READY),
        },
        "spec": {"providerID": f"aws:///{zone}/{node.instance_id}"},
        "status": {"capacity": capacity, "allocatable": capacity},
    }


def _meter(cluster: Cluster, node: Node) -> Meter:
    """Give the meter of a node; AWS leaves the public price of spot usage out."""
    on_demand = instance_hours(node.instance_type, cluster.region)
    if not node.spot:
        return on_demand
    rate = (on_demand.rate * SPOT_RATIO).quantize(Decimal("0.0001"))
    return replace(
        on_demand,
        usage_type=f"SpotUsage:{node.instance_type}",
        operation="RunInstances:SV052",
        rate=rate,
        public_rate=Decimal(-1),
        description=f"${rate} per Spot Linux {node.instance_type} Instance Hour",
    )


def bill_node(
    world: World, cluster: Cluster, node: Node, instance: Resource, day: datetime, shares: list[Share]
) -> None:
    """Bill one day of a node."""
    meter = _meter(cluster, node)
    cover = {} if node.spot else covered(node.covered_by, meter.rate, COMPUTE_RATIO)
    world.bill(
        instance,
        meter,
        1,
        max(node.start, day),
        min(node.end, day + DAY),
        shares=shares,
        zone=f"{cluster.region}a",
        scopes=(cluster.scope,),
        split_cluster=cluster.arn if cluster.splits_cost else "",
        **cover,
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
    tags = {key: value for key, value in _system_tags(cluster, node).items() if key.startswith("karpenter")}
    return world.create(
        "ec2:DescribeVolumes",
        volume,
        cluster.account,
        cluster.region,
        Owner(stage="storage"),
        body,
        created=node.start,
        gone=node.end,
        tags=Tags(system=tags),
    )


def bill_disk(world: World, cluster: Cluster, node: Node, disk: Resource, day: datetime, shares: list[Share]) -> None:
    """The root disk goes with its instance."""
    on_disk = [
        Share(share.owner.at("storage"), share.weight, through("disk of a node, ", share.clues, disk.key))
        for share in shares
    ]
    start, end = max(node.start, day), min(node.end, day + DAY)
    world.bill(disk, GP3, stored(ROOT_VOLUME), start, end, shares=on_disk, scopes=(cluster.scope,))
