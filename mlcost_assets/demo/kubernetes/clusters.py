"""EKS clusters: founded with a control plane that all share, then run node by node and day by day."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.kubernetes.cluster import READY, Cluster, Node, Pod, Workload
from mlcost_assets.demo.kubernetes.nodes import bill_disk, bill_node, record_disk, record_node
from mlcost_assets.demo.kubernetes.pods import record_pod, split_cost
from mlcost_assets.demo.kubernetes.shares import shares_of_day
from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import EKS
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import TEAM, by_team
from mlcost_assets.demo.truth.owners import Owner, of_team
from mlcost_assets.demo.world.world import World

CONTROL_PLANE = Meter(
    EKS, "AmazonEKS-Hours:perCluster", "CreateOperation", Decimal("0.10"), "Hours", "Amazon EKS cluster usage"
)
_DAEMONS = (("aws-node", "0.05", "0.1"), ("kube-proxy", "0.1", "0.1"), ("datadog-agent", "0.2", "0.25"))


def found_cluster(world: World, name: str, account: Account, region: str, splits_cost: bool, team: Team) -> Cluster:
    """Record a cluster; its control plane is shared by what runs on it."""
    arn = world.arn("eks", account, region, f"cluster/{name}")
    owner = of_team(team, "prod", "platform")
    tags = world.tags(arn, owner)
    body = {
        "cluster": {
            "name": name,
            "arn": arn,
            "createdAt": iso(world.before(420)),
            "version": "1.33",
            "status": "ACTIVE",
            "resourcesVpcConfig": {"vpcId": f"vpc-{world.chance('vpc', account.id).hex(17)}"},
            "tags": tags.on(world.window.start),
        }
    }
    resource = world.create(
        "eks:DescribeCluster", arn, account, region, owner, body, created=world.before(420), tags=tags
    )
    world.pool(resource, CONTROL_PLANE, 1, scope=Scope("cluster", arn), stage="platform")
    written = tags.user.get(TEAM)
    clues = (by_team("tag of the cluster", resource.key),) if written and written.resolvable else ()
    return Cluster(name, account, region, splits_cost, team, arn, clues)


def run_cluster(world: World, cluster: Cluster) -> None:
    """Record and bill all nodes of a cluster with their pods."""
    for node in cluster.nodes:
        _add_daemons(world, node)
        instance = record_node(world, cluster, node)
        for pod in node.pods:
            record_pod(world, cluster, node, pod)
        disk = record_disk(world, cluster, node)
        for day in _days(world, node):
            shares = shares_of_day(cluster, node, day, instance)
            bill_node(world, cluster, node, instance, day, shares)
            bill_disk(world, cluster, node, disk, day, shares)
        if cluster.splits_cost:
            split_cost(world, cluster, node)


def _days(world: World, node: Node) -> Iterator[datetime]:
    start, end = world.window.clip(node.start, node.end)
    day = start.replace(hour=0, minute=0, second=0)
    while day < end:
        yield day
        day += DAY


def _add_daemons(world: World, node: Node) -> None:
    chance = world.chance("daemons", node.instance_id)
    for name, vcpu, memory in _DAEMONS:
        workload = Workload(
            name,
            "kube-system",
            "DaemonSet",
            Owner(stage="platform"),
            f"602401143452.dkr.ecr.us-east-1.amazonaws.com/eks/{name}:v1",
            (("k8s-app", name),),
            Decimal(vcpu),
            Decimal(memory),
        )
        node.pods.append(Pod(workload, chance.uuid(), f"{name}-{chance.code(5)}", node.start + READY, node.end))
