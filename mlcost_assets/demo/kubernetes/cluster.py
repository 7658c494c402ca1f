"""What a cluster consists of: nodes, pods on them, and the workloads that pods are made from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from mlcost_assets.demo.money.ledger import Scope
from mlcost_assets.demo.money.prices import SHAPES, Shape
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.regions import DEFAULT_HOME
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import Clue
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.world import World

# How long an instance takes to become a node.
READY = timedelta(minutes=5)


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

    @property
    def weight(self) -> int:
        """Weigh what a pod requests as split cost allocation data does, times ten thousand."""
        return int(90_000 * self.gpus + 9_000 * self.vcpu + 1_000 * self.memory)


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

    @property
    def shape(self) -> Shape:
        """What the instance has."""
        return SHAPES[self.instance_type]

    @property
    def uid(self) -> str:
        """The uid of the Kubernetes object."""
        digits = (self.instance_id[2:] * 3)[:32]
        return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "b" + digits[17:20], digits[20:]))


@dataclass
class Cluster:
    """An EKS cluster with its nodes."""

    name: str
    account: Account
    region: str
    splits_cost: bool
    team: Team
    arn: str
    owner_clues: tuple[Clue, ...]
    nodes: list[Node] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        """The costs over which the control plane is divided."""
        return Scope("cluster", self.arn)


def start_node(
    world: World,
    cluster: Cluster,
    instance_type: str,
    provisioner: str,
    start: datetime,
    end: datetime,
    *,
    purpose: str,
    spot: bool = False,
    covered_by: str = "",
) -> Node:
    """Start a node; it joins its cluster when its pods are on it."""
    chance = world.chance("node", cluster.name, purpose, start)
    address = f"ip-10-{chance.randrange(256)}-{chance.randrange(256)}-{chance.randrange(256)}"
    domain = "ec2.internal" if cluster.region == DEFAULT_HOME else f"{cluster.region}.compute.internal"
    name, instance_id = f"{address}.{domain}", f"i-{chance.hex(17)}"
    return Node(instance_id, name, instance_type, provisioner, start, end, spot, covered_by=covered_by)


def keep_running(world: World, node: Node, load: Workload, purpose: str) -> None:
    """Run a replica on a node, with a new pod at every rollout."""
    chance = world.chance("pods", load.name, purpose, node.instance_id)
    revision = chance.code(9)
    start = max(node.start, world.before(2)) + timedelta(minutes=chance.randrange(4, 20))
    while start < node.end:
        end = min(start + timedelta(days=chance.randrange(9, 40), hours=chance.randrange(24)), node.end)
        if end > world.window.end:
            end = node.end
        node.pods.append(Pod(load, chance.uuid(), f"{load.name}-{revision}-{chance.code(5)}", start, end))
        start, revision = end, chance.code(9)
