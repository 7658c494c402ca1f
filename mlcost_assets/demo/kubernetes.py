"""What runs on Kubernetes: self-hosted inference, training on spot nodes, Ray, and other teams' web pods."""

from datetime import datetime, timedelta
from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.clusters import found_cluster, run_cluster
from mlcost_assets.demo.commitments import savings_plan_arn
from mlcost_assets.demo.endpoints import announce
from mlcost_assets.demo.exposure import claim_of, expose, keep_volume
from mlcost_assets.demo.layout import image_of
from mlcost_assets.demo.naming import abbreviate
from mlcost_assets.demo.nodes import Cluster, Node, Pod, Workload
from mlcost_assets.demo.organisation import US, Model
from mlcost_assets.demo.owners import Owner, of_model
from mlcost_assets.demo.prices import SHAPES
from mlcost_assets.demo.world import World

SERVING_NODE = "g5.12xlarge"
TRAINING_NODES = ("g5.2xlarge", "g4dn.12xlarge", "g5.12xlarge", "m5.4xlarge")


def run_kubernetes(world: World) -> None:
    """Run two clusters: one with split cost allocation data, one shared with the web teams and without it."""
    chance = world.chance("kubernetes")
    company = world.organisation.company
    account = world.organisation.ml_account("prod")
    names = chance.one(
        (
            ("ml-prod", "shared-prod"),
            ("inference-prd", "platform-prd"),
            ("serving-production", "core-production"),
        )
    )
    platform = world.organisation.platform
    serving = found_cluster(world, f"{company}-{names[0]}", account, US, True, platform)
    shared = found_cluster(world, f"{company}-{names[1]}", account, US, False, platform)
    hosted = world.organisation.served("kubernetes")
    homes = [serving if place % 3 != 2 else shared for place in range(len(hosted))]
    for cluster, model in zip(homes, hosted, strict=True):
        _deploy(world, cluster, model)
    _fill_serving_nodes(world, serving)
    _run_web(world, shared)
    _ray(world, serving)
    _train_on_spot(world, shared)
    for cluster in (serving, shared):
        run_cluster(world, cluster)
    for number, (cluster, model) in enumerate(zip(homes, hosted, strict=True)):
        expose(world, cluster, model)
        keep_volume(world, cluster, model, snapshot=number == 0)


def workload(
    world: World,
    model: Model,
    controller: str,
    stage: str,
    *,
    vcpu: str,
    memory: str,
    gpus: int = 0,
    suffix: str = "",
    claim: str = "",
) -> Workload:
    """Make a model's workload; teams differ in what its name and labels tell."""
    chance = world.chance("workload", model.name, stage)
    habit = model.team.habit
    plain = abbreviate(model.name) if habit.abbreviates else model.name
    name = f"{plain}{suffix}"
    namespace = model.team.namespace
    owner = of_model(model, "prod", stage)
    labels: dict[str, str] = {"app.kubernetes.io/name": model.name} if chance.maybe(0.7) else {"app": name}
    if controller == "Deployment" and chance.maybe(0.4):
        labels["serving.kserve.io/inferenceservice"] = name
    if controller == "PyTorchJob":
        labels["training.kubeflow.org/job-name"] = name
    if controller == "Workflow":
        labels["workflows.argoproj.io/workflow"] = name
    if controller == "RayCluster":
        labels["ray.io/cluster"] = name
    if chance.maybe(0.4):
        labels["team"] = model.team.name
    return Workload(
        name,
        namespace,
        controller,
        owner,
        image_of(world, model),
        tuple(labels.items()),
        Decimal(vcpu),
        Decimal(memory),
        gpus,
        claim,
    )


def _deploy(world: World, cluster: Cluster, model: Model) -> None:
    """Put the replicas of a model on nodes that several models share."""
    replicas = model.size + 1
    # A quarter of a node for each accelerator, so that requests leave the same part of everything free.
    shape = SHAPES[SERVING_NODE]
    part = Decimal("0.9") / shape.gpus
    for number in range(replicas):
        node = _free_node(world, cluster, number)
        load = workload(
            world,
            model,
            "Deployment",
            "inference",
            vcpu=str((shape.vcpu * part).quantize(Decimal("0.1"))),
            memory=str((shape.memory * part).quantize(Decimal("0.1"))),
            gpus=1,
            suffix="-predictor" if world.chance("predictor", model.name).maybe(0.4) else "",
            claim=claim_of(world, model),
        )
        _place(world, node, load, f"{model.name} {number}")
    announce(
        world,
        model,
        cluster.account,
        "prod",
        world.window.at(0.02),
        [f"{cluster.arn}/{model.team.namespace}/{model.name}"],
    )


def _free_node(world: World, cluster: Cluster, number: int) -> Node:
    """Find a node with a free accelerator, or start one."""
    for node in cluster.nodes:
        used = sum(pod.workload.gpus for pod in node.pods if pod.end == node.end)
        if node.instance_type == SERVING_NODE and used < SHAPES[SERVING_NODE].gpus:
            return node
    managed = len(cluster.nodes) % 2 == 0
    start = world.before(20) if managed else world.before(3)
    covered = savings_plan_arn(world, "compute") if managed and world.chance("covered", cluster.name).maybe(0.6) else ""
    node = new_node(
        world,
        cluster,
        SERVING_NODE,
        "managed" if managed else "karpenter",
        start,
        world.window.end + DAY,
        purpose=f"{number} {len(cluster.nodes)}",
        covered_by=covered,
    )
    cluster.nodes.append(node)
    return node


def new_node(
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
    """Start a node."""
    chance = world.chance("node", cluster.name, purpose, start)
    address = f"ip-10-{chance.randrange(256)}-{chance.randrange(256)}-{chance.randrange(256)}.ec2.internal"
    return Node(f"i-{chance.hex(17)}", address, instance_type, provisioner, start, end, spot, covered_by=covered_by)


def _place(world: World, node: Node, load: Workload, purpose: str) -> None:
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


def _fill_serving_nodes(world: World, cluster: Cluster) -> None:
    """Replace the nodes that Karpenter made: it moves pods to new nodes every one or two weeks."""
    for node in [node for node in cluster.nodes if node.provisioner == "karpenter"]:
        chance = world.chance("karpenter", node.instance_id)
        loads = sorted({pod.workload for pod in node.pods}, key=lambda load: load.name)
        counts = {load: sum(pod.workload == load and pod.end == node.end for pod in node.pods) for load in loads}
        cluster.nodes.remove(node)
        start = node.start
        while start < world.window.end:
            end = start + timedelta(days=chance.randrange(6, 16), hours=chance.randrange(24))
            fresh = new_node(
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


def _run_web(world: World, cluster: Cluster) -> None:
    """Let the web teams use the shared cluster too; a small part of a model runs beside their pods."""
    chance = world.chance("web pods")
    for number in range(2):
        node = new_node(
            world,
            cluster,
            "m5.4xlarge",
            "managed",
            world.before(30),
            world.window.end + DAY,
            purpose=f"web {number}",
        )
        for team in world.organisation.web_teams[:2]:
            load = Workload(
                f"{team}-api",
                team,
                "Deployment",
                Owner(team=team, environment="prod", stage="other", is_ml=False),
                f"{cluster.account.id}.dkr.ecr.{US}.amazonaws.com/web/{team}:stable",
                (("app.kubernetes.io/name", f"{team}-api"),),
                Decimal(chance.randrange(2, 5)),
                Decimal(4 * chance.randrange(2, 5)),
            )
            _place(world, node, load, f"{team} {number}")
        models = [model for model in world.organisation.models if model.serving not in ("legacy", "forgotten")]
        model = chance.one(models)
        beside = workload(world, model, "Deployment", "inference", vcpu="3", memory="12", suffix="-features")
        _place(world, node, beside, f"{model.name} features {number}")
        cluster.nodes.append(node)


def _ray(world: World, cluster: Cluster) -> None:
    """A Ray cluster that trains one model for some weeks, on one node that it fills."""
    models = [model for model in world.organisation.models if model.serving not in ("legacy", "forgotten")]
    model = world.chance("ray").one(models)
    chance = world.chance("ray", model.name)
    start = world.window.at(chance.uniform(0.05, 0.4))
    end = min(start + timedelta(days=chance.randrange(6, 15), hours=7), world.window.end)
    node = new_node(world, cluster, "g5.12xlarge", "karpenter", start, end, purpose="ray")
    load = workload(world, model, "RayCluster", "training", vcpu="42", memory="168", gpus=4, suffix="-ray")
    node.pods.append(
        Pod(load, chance.uuid(), f"{load.name}-worker-{chance.code(5)}", start + timedelta(minutes=8), end)
    )
    cluster.nodes.append(node)


def _train_on_spot(world: World, cluster: Cluster) -> None:
    """Spot nodes of a home-made scheduler, without any tag, on which training jobs run one after the other."""
    chance = world.chance("spot scheduler")
    models = [model for model in world.organisation.models if model.serving not in ("legacy", "forgotten")]
    tenants = chance.some(models, 5)
    for slot in range(chance.randrange(2, 5)):
        at = world.window.start + timedelta(hours=chance.randrange(60), minutes=chance.randrange(60))
        number = 0
        while at < world.window.end - 2 * DAY:
            end = at + timedelta(hours=chance.randrange(14, 64), minutes=chance.randrange(60))
            kind = chance.one(TRAINING_NODES)
            node = new_node(world, cluster, kind, "scheduler", at, end, purpose=f"spot {slot} {number}", spot=True)
            _jobs_on(world, node, tenants, chance)
            cluster.nodes.append(node)
            at = end + timedelta(hours=chance.randrange(10, 90))
            number += 1


def _jobs_on(world: World, node: Node, tenants: list[Model], chance: Chance) -> None:
    shape = SHAPES[node.instance_type]
    at = node.start + timedelta(minutes=chance.randrange(6, 20))
    while at < node.end - 2 * HOUR:
        model = chance.one(tenants)
        controller = "Workflow" if model.size % 2 else "PyTorchJob"
        load = workload(
            world,
            model,
            controller,
            "training",
            vcpu=str(shape.vcpu * Decimal("0.9")),
            memory=str(shape.memory * Decimal("0.9")),
            gpus=shape.gpus,
            suffix=f"-train-{chance.code(5)}",
        )
        end = min(at + timedelta(hours=chance.randrange(3, 18), minutes=chance.randrange(60)), node.end)
        node.pods.append(Pod(load, chance.uuid(), f"{load.name}-worker-0", at, end, finishes=True))
        at = end + timedelta(minutes=chance.randrange(5, 150))
