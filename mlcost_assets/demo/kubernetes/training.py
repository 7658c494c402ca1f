"""Training on Kubernetes: a Ray cluster for some weeks, and jobs on spot nodes that carry no tag at all."""

from datetime import timedelta
from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.kubernetes.cluster import Cluster, Node, Pod, start_node
from mlcost_assets.demo.kubernetes.volumes import datasets_of
from mlcost_assets.demo.kubernetes.workloads import workload
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.world.world import World

RAY_NODE = "g5.12xlarge"
SPOT_NODES = ("g5.2xlarge", "g4dn.12xlarge", "g5.12xlarge", "m5.4xlarge")


def train_on_ray(world: World, cluster: Cluster) -> tuple[Model, Pod]:
    """Train one model for some weeks, on one node that it fills; give the model and the pod."""
    model = world.chance("ray").one(world.organisation.alive())
    chance = world.chance("ray", model.name)
    start = world.window.at(chance.uniform(0.05, 0.4))
    end = min(start + timedelta(days=chance.randrange(6, 15), hours=7), world.window.end)
    node = start_node(world, cluster, RAY_NODE, "karpenter", start, end, purpose="ray")
    vcpu, memory = Decimal(42), Decimal(168)
    claim = datasets_of(world, model)
    load = workload(
        world, model, "RayCluster", "training", vcpu=vcpu, memory=memory, gpus=4, suffix="-ray", claim=claim
    )
    uid, name = chance.uuid(), f"{load.name}-worker-{chance.code(5)}"
    pod = Pod(load, uid, name, start + timedelta(minutes=8), end)
    node.pods.append(pod)
    cluster.nodes.append(node)
    return model, pod


def train_on_spot(world: World, cluster: Cluster) -> None:
    """Run spot nodes of a home-made scheduler, on which training jobs run one after the other."""
    chance = world.chance("spot scheduler")
    tenants = chance.some(world.organisation.alive(), 5)
    for slot in range(chance.randrange(2, 5)):
        at = world.window.start + timedelta(hours=chance.randrange(60), minutes=chance.randrange(60))
        number = 0
        while at < world.window.end - 2 * DAY:
            end = at + timedelta(hours=chance.randrange(14, 64), minutes=chance.randrange(60))
            kind = chance.one(SPOT_NODES)
            node = start_node(world, cluster, kind, "scheduler", at, end, purpose=f"spot {slot} {number}", spot=True)
            run_jobs(world, node, tenants, chance, longest=18 * HOUR)
            cluster.nodes.append(node)
            at = end + timedelta(hours=chance.randrange(10, 90))
            number += 1


def run_jobs(world: World, node: Node, tenants: list[Model], chance: Chance, *, longest: timedelta) -> None:
    """Run jobs on a node one after the other, each of which fills it."""
    shape = node.shape
    at = node.start + timedelta(minutes=chance.randrange(6, 20))
    while at < node.end - 2 * HOUR:
        model = chance.one(tenants)
        load = workload(
            world,
            model,
            "Workflow" if model.size % 2 else "PyTorchJob",
            "training",
            vcpu=shape.vcpu * Decimal("0.9"),
            memory=shape.memory * Decimal("0.9"),
            gpus=shape.gpus,
            suffix=f"-train-{chance.code(5)}",
        )
        end = min(at + timedelta(hours=chance.randrange(3, longest // HOUR), minutes=chance.randrange(60)), node.end)
        node.pods.append(Pod(load, chance.uuid(), f"{load.name}-worker-0", at, end, finishes=True))
        at = end + timedelta(minutes=chance.randrange(5, 150))
