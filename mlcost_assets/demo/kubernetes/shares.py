"""How a node's cost falls to its pods, and how each pod can be found out about."""

from datetime import datetime

from mlcost_assets.demo.clock import DAY
from mlcost_assets.demo.kubernetes.cluster import Cluster, Node, Pod
from mlcost_assets.demo.organisation.naming import says, says_environment
from mlcost_assets.demo.truth.clues import Clue, Share, by_environment, by_team, named, through
from mlcost_assets.demo.truth.owners import Owner, of_team
from mlcost_assets.demo.world.resources import Resource


def shares_of_day(cluster: Cluster, node: Node, day: datetime, instance: Resource) -> list[Share]:
    """Divide a node's day: requests times hours; idle and system parts go to the day's pods by their shares."""
    parts: dict[tuple[Owner, tuple[Clue, ...]], int] = {}
    for pod in node.pods:
        held = (min(pod.end, day + DAY) - max(pod.start, day)).total_seconds()
        if held <= 0 or pod.workload.namespace == "kube-system":
            continue
        key = (pod.workload.owner, _clues(cluster, node, pod, instance))
        parts[key] = parts.get(key, 0) + pod.workload.weight * int(held)
    if not parts:
        owner = of_team(cluster.team, "prod", "platform")
        return [Share(owner, 1, through("", cluster.owner_clues, instance.key))]
    return [Share(owner, amount, clues) for (owner, clues), amount in parts.items()]


def _clues(cluster: Cluster, node: Node, pod: Pod, instance: Resource) -> tuple[Clue, ...]:
    """Say how a pod can be found: in the split-cost rows of the bill, or by its record and its node's."""
    workload, owner = pod.workload, pod.workload.owner
    node_key = f"k8s:Node {cluster.arn}/Node/{node.uid}"
    ways: list[tuple[str, tuple[str, ...]]] = [
        ("kubernetes: pod on its node", (pod.key, node_key)),
        ("kubernetes: pod on its instance", (pod.key, instance.key)),
    ]
    if cluster.splits_cost:
        ways.insert(0, ("kubernetes: split-cost row of the pod", ()))
    clues = []
    for text, needs in ways:
        # Only the record has labels and the image.
        labels, image = (str(workload.labels), workload.image) if needs else ("", "")
        if owner.model and says(f"{workload.namespace}/{pod.name}{labels}{image}", owner.model):
            clues.append(Clue(text, needs=needs, also=(named(owner.model),)))
        if owner.team and says(workload.namespace + labels, owner.team):
            clues.append(by_team(f"{text}, namespace or label", *needs))
        if owner.environment and says_environment(f"{workload.namespace} {cluster.name}", owner.environment):
            clues.append(by_environment(f"{text}, environment", *needs))
    return tuple(clues)
