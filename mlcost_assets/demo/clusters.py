"""EKS clusters: nodes that live and die, pods that run on them, and how a node's cost falls to its pods."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.catalogue import EKS
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.ledger import Scope
from mlcost_assets.demo.nodes import (
    READY,
    Cluster,
    Node,
    Pod,
    Workload,
    bill_disk,
    bill_node,
    node_uid,
    record_disk,
    record_node,
    split_cost,
)
from mlcost_assets.demo.organisation import Account, Team
from mlcost_assets.demo.owners import ENVIRONMENT, MODEL, TEAM, Clue, Owner, Share, named, of_team
from mlcost_assets.demo.pods import record_pod
from mlcost_assets.demo.world import Resource, World, environment_in, flat


def weight(workload: Workload) -> int:
    """Weigh what a pod requests as split cost allocation data does, times ten thousand."""
    return int(90_000 * workload.gpus + 9_000 * workload.vcpu + 1_000 * workload.memory)


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
    key = world.record("eks:DescribeCluster", arn, account, region, body, created=world.before(420), tags=tags)
    resource = world.resource(arn, account, region, owner, key=key, tags=tags)
    world.pool(
        resource,
        EKS,
        "AmazonEKS-Hours:perCluster",
        "CreateOperation",
        scope=Scope("cluster", arn),
        stage="platform",
        quantity=1,
        rate=Decimal("0.10"),
        unit="Hours",
        description="Amazon EKS cluster usage",
    )
    clues = []
    written = tags.user.get(TEAM)
    if written and written.resolvable:
        clues.append(Clue("tag of the cluster", frozenset({TEAM}), (key,)))
    return Cluster(name, account, region, splits_cost, team, arn, key, tuple(clues))


def run_cluster(world: World, cluster: Cluster) -> None:
    """Record and bill all nodes of a cluster with their pods."""
    for node in cluster.nodes:
        _add_daemons(world, node)
        resource = record_node(world, cluster, node)
        for pod in node.pods:
            record_pod(world, cluster, node, pod)
        disk = record_disk(world, cluster, node)
        for day in _days(world, node):
            shares = shares_of_day(cluster, node, day, resource)
            bill_node(world, cluster, node, resource, day, shares)
            bill_disk(world, cluster, node, disk, day, shares)
        if cluster.splits_cost:
            split_cost(world, cluster, node)


def _days(world: World, node: Node) -> Iterable[datetime]:
    start, end = world.window.clip(node.start, node.end)
    day = start.replace(hour=0, minute=0, second=0)
    while day < end:
        yield day
        day += DAY


_DAEMONS = (("aws-node", "0.05", "0.1"), ("kube-proxy", "0.1", "0.1"), ("datadog-agent", "0.2", "0.25"))


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


def shares_of_day(cluster: Cluster, node: Node, day: datetime, resource: Resource) -> list[Share]:
    """Divide a node's day: requests times hours; idle and system parts go to the day's pods by their shares."""
    parts: dict[tuple[Owner, tuple[Clue, ...]], int] = {}
    for pod in node.pods:
        held = (min(pod.end, day + DAY) - max(pod.start, day)).total_seconds()
        if held <= 0 or pod.workload.namespace == "kube-system":
            continue
        key = (pod.workload.owner, _clues(cluster, node, pod, resource))
        parts[key] = parts.get(key, 0) + weight(pod.workload) * int(held)
    if not parts:
        owner = of_team(cluster.team, "prod", "platform")
        return [
            Share(
                owner,
                1,
                tuple(Clue(clue.text, clue.tells, (resource.key, *clue.needs)) for clue in cluster.owner_clues),
            )
        ]
    return [Share(owner, amount, clues) for (owner, clues), amount in parts.items()]


def _clues(cluster: Cluster, node: Node, pod: Pod, resource: Resource) -> tuple[Clue, ...]:
    """Say how a pod can be found: in the split-cost rows of the bill, or by its record and its node's."""
    workload, owner = pod.workload, pod.workload.owner
    ways: list[tuple[str, tuple[str, ...]]] = []
    if cluster.splits_cost:
        ways.append(("split-cost row of the pod", ()))
    node_key = f"k8s:Node {cluster.arn}/Node/{node_uid(node)}"
    ways += [("pod on its node", (pod.key, node_key)), ("pod on its instance", (pod.key, resource.key))]
    texts = {"": f"{workload.namespace}/{pod.name}", "record": str(workload.labels) + workload.image}
    clues = []
    for text, needs in ways:
        seen = texts[""] + (texts["record"] if needs else "")
        if owner.model and flat(owner.model) in flat(seen):
            clues.append(Clue(f"kubernetes: {text}", frozenset({MODEL}), needs, (named(owner.model),)))
        labels = str(workload.labels) if needs else ""
        if owner.team and flat(owner.team) in flat(workload.namespace + labels):
            clues.append(Clue(f"kubernetes: {text}, namespace or label", frozenset({TEAM}), needs))
        if owner.environment and environment_in(f"{workload.namespace} {cluster.name}", owner.environment):
            clues.append(Clue(f"kubernetes: {text}, environment", frozenset({ENVIRONMENT}), needs))
    return tuple(clues)
