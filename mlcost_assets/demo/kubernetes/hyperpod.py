"""A HyperPod cluster that EKS orchestrates: billed under SageMaker, shared by the jobs that Kubernetes puts on it."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.kubernetes.cluster import Cluster, Node, start_node
from mlcost_assets.demo.kubernetes.clusters import found_cluster
from mlcost_assets.demo.kubernetes.nodes import node_object
from mlcost_assets.demo.kubernetes.pods import record_pod
from mlcost_assets.demo.kubernetes.shares import shares_of_day
from mlcost_assets.demo.kubernetes.training import run_jobs
from mlcost_assets.demo.money.meters import ml_hours
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Share
from mlcost_assets.demo.truth.owners import of_team
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

INSTANCE = "g5.12xlarge"
# Every node is one part of the cluster's cost, cut this fine.
_WHOLE = 10**12


def train_on_hyperpod(world: World) -> None:
    """Let two or three teams' jobs queue on a few nodes for some weeks."""
    if not world.has("hyperpod on eks", 0.5):
        return
    chance = world.chance("hyperpod on eks")
    account = world.organisation.ml_account("prod")
    name = f"{world.organisation.company}-{chance.one(('hyperpod', 'training-hub', 'gpu-research'))}"
    eks = found_cluster(world, name, account, world.home, False, world.organisation.platform)
    start = world.window.at(chance.uniform(0.1, 0.4)).replace(hour=0)
    end = min(start + timedelta(days=chance.randrange(6, 20)), world.window.end - DAY)
    tenants = chance.some(world.organisation.alive(), 3)
    cluster_id = chance.code(12)
    count = chance.randrange(2, 4)
    hyperpod = _record(world, eks, f"{name}-nodes", cluster_id, count, start, end)
    nodes = [_node(world, eks, cluster_id, number, start, end, tenants, chance) for number in range(count)]
    hours = ml_hours("Cluster:", f"ml.{INSTANCE}", world.home, "HyperPod")
    day = start
    while day < end:
        parts = [share for node in nodes for share in _of_node(eks, node, day, hyperpod)]
        world.bill(hyperpod, hours, count, day, min(day + DAY, end), shares=parts, scopes=(eks.scope,))
        day += DAY


def _record(
    world: World, eks: Cluster, name: str, cluster_id: str, count: int, start: datetime, end: datetime
) -> Resource:
    arn = world.arn("sagemaker", eks.account, world.home, f"cluster/{cluster_id}")
    owner = of_team(world.organisation.platform, "prod", "training")
    body: dict[str, Any] = {
        "ClusterArn": arn,
        "ClusterName": name,
        "ClusterStatus": "InService",
        "CreationTime": iso(start),
        "InstanceGroups": [
            {
                "InstanceGroupName": "workers",
                "InstanceType": f"ml.{INSTANCE}",
                "CurrentCount": count,
                "TargetCount": count,
                "ExecutionRole": world.role(None, eks.account),
            }
        ],
        "Orchestrator": {"Eks": {"ClusterArn": eks.arn}},
        "NodeRecovery": "Automatic",
    }
    kind = "sagemaker:DescribeCluster"
    return world.create(kind, arn, eks.account, world.home, owner, body, created=start, gone=end)


def _node(
    world: World,
    eks: Cluster,
    cluster_id: str,
    number: int,
    start: datetime,
    end: datetime,
    tenants: list[Model],
    chance: Chance,
) -> Node:
    """Start a node whose instance belongs to SageMaker: the account's own EC2 does not list it."""
    node = start_node(world, eks, INSTANCE, "hyperpod", start, end, purpose=f"hyperpod {number}")
    node.name = f"hyperpod-{node.instance_id}"
    # Jobs come so often that no node is ever without one for a day.
    run_jobs(world, node, tenants, chance, longest=10 * HOUR)
    body = node_object(eks, node)
    body["metadata"]["labels"] |= {
        "node.kubernetes.io/instance-type": f"ml.{INSTANCE}",
        "sagemaker.amazonaws.com/compute-type": "hyperpod",
        "sagemaker.amazonaws.com/instance-group-name": "workers",
    }
    zone = f"{eks.region}a"
    body["spec"]["providerID"] = f"aws:///{zone}/sagemaker/cluster/hyperpod-{cluster_id}-{node.instance_id}"
    node_id = f"{eks.arn}/Node/{node.uid}"
    world.record("k8s:Node", node_id, eks.account, eks.region, body, created=start, gone=end, tags=None)
    for pod in node.pods:
        record_pod(world, eks, node, pod)
    return node


def _of_node(eks: Cluster, node: Node, day: datetime, hyperpod: Resource) -> list[Share]:
    """Divide a node's day as of any node, as a part of the cluster's."""
    parts = shares_of_day(eks, node, day, hyperpod)
    total = sum(part.weight for part in parts)
    return [Share(part.owner, part.weight * _WHOLE // total, part.clues) for part in parts]
