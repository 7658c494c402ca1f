"""Self-hosted inference: replicas of models on nodes that several models share."""

from datetime import timedelta
from decimal import Decimal

from mlcost_assets.demo.clock import DAY
from mlcost_assets.demo.kubernetes.cluster import Cluster, Node, Pod, keep_running, start_node
from mlcost_assets.demo.kubernetes.volumes import claim_of
from mlcost_assets.demo.kubernetes.workloads import workload
from mlcost_assets.demo.money.commitments import savings_plan_arn
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.deployments import announce
from mlcost_assets.demo.world.world import World

NODE = "g5.12xlarge"


def deploy(world: World, cluster: Cluster, model: Model) -> None:
    """Put the replicas of a model on nodes with a free accelerator."""
    shape = SHAPES[NODE]
    # A quarter of a node for each accelerator, so that requests leave the same part of everything free.
    part = Decimal("0.9") / shape.gpus
    load = workload(
        world,
        model,
        "Deployment",
        "inference",
        vcpu=(shape.vcpu * part).quantize(Decimal("0.1")),
        memory=(shape.memory * part).quantize(Decimal("0.1")),
        gpus=1,
        suffix="-predictor" if world.chance("predictor", model.name).maybe(0.4) else "",
        claim=claim_of(world, model),
    )
    for number in range(model.size + 1):
        keep_running(world, _free_node(world, cluster, number), load, f"{model.name} {number}")
    deployed = f"{cluster.arn}/{model.team.namespace}/{model.name}"
    announce(world, model, cluster.account, "prod", world.window.at(0.02), [deployed])


def _free_node(world: World, cluster: Cluster, number: int) -> Node:
    """Find a node with a free accelerator, or start one."""
    for node in cluster.nodes:
        used = sum(pod.workload.gpus for pod in node.pods if pod.end == node.end)
        if node.instance_type == NODE and used < node.shape.gpus:
            return node
    managed = len(cluster.nodes) % 2 == 0
    covered = managed and world.chance("covered", cluster.name).maybe(0.6)
    node = start_node(
        world,
        cluster,
        NODE,
        "managed" if managed else "karpenter",
        world.before(20 if managed else 3),
        world.window.end + DAY,
        purpose=f"{number} {len(cluster.nodes)}",
        covered_by=savings_plan_arn(world, "compute") if covered else "",
    )
    cluster.nodes.append(node)
    return node


def consolidate(world: World, cluster: Cluster) -> None:
    """Replace the nodes that Karpenter made: it moves pods to new nodes every one or two weeks."""
    for node in [node for node in cluster.nodes if node.provisioner == "karpenter"]:
        chance = world.chance("karpenter", node.instance_id)
        loads = sorted({pod.workload for pod in node.pods}, key=lambda load: load.name)
        counts = {load: sum(pod.workload == load and pod.end == node.end for pod in node.pods) for load in loads}
        cluster.nodes.remove(node)
        start = node.start
        while start < world.window.end:
            end = start + timedelta(days=chance.randrange(6, 16), hours=chance.randrange(24))
            fresh = start_node(
                world,
                cluster,
                node.instance_type,
                "karpenter",
                start,
                end,
                purpose=node.instance_id,
                spot=chance.maybe(0.3),
            )
            for load in loads:
                for number in range(counts[load]):
                    name = f"{load.name}-{chance.code(9)}-{chance.code(5)}"
                    begin = start + timedelta(minutes=6 + number)
                    fresh.pods.append(Pod(load, chance.uuid(), name, begin, end))
            cluster.nodes.append(fresh)
            start = end
