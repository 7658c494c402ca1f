"""Two clusters: one with split cost allocation data, one shared with the web teams and without it."""

from decimal import Decimal

from mlcost_assets.demo.clock import DAY
from mlcost_assets.demo.kubernetes.cluster import Cluster, Workload, keep_running, start_node
from mlcost_assets.demo.kubernetes.clusters import found_cluster, run_cluster
from mlcost_assets.demo.kubernetes.exposure import expose
from mlcost_assets.demo.kubernetes.inference import consolidate, deploy
from mlcost_assets.demo.kubernetes.training import train_on_ray, train_on_spot
from mlcost_assets.demo.kubernetes.volumes import keep_datasets, keep_volume
from mlcost_assets.demo.kubernetes.workloads import workload
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.world import World

_NAMES = (("ml-prod", "shared-prod"), ("inference-prd", "platform-prd"), ("serving-production", "core-production"))


def run_kubernetes(world: World) -> None:
    """Found both clusters, fill and run them, and give the models' services what they need besides."""
    company, platform = world.organisation.company, world.organisation.platform
    account = world.organisation.ml_account("prod")
    names = world.chance("kubernetes").one(_NAMES)
    serving = found_cluster(world, f"{company}-{names[0]}", account, world.home, True, platform)
    shared = found_cluster(world, f"{company}-{names[1]}", account, world.home, False, platform)
    hosted = world.organisation.served("kubernetes")
    homes = [serving if place % 3 != 2 else shared for place in range(len(hosted))]
    for cluster, model in zip(homes, hosted, strict=True):
        deploy(world, cluster, model)
    consolidate(world, serving)
    _run_web(world, shared)
    trained, worker = train_on_ray(world, serving)
    train_on_spot(world, shared)
    for cluster in (serving, shared):
        run_cluster(world, cluster)
    for number, (cluster, model) in enumerate(zip(homes, hosted, strict=True)):
        expose(world, cluster, model)
        keep_volume(world, cluster, model, snapshot=number == 0)
    keep_datasets(world, serving, trained, worker)


def _run_web(world: World, cluster: Cluster) -> None:
    """Let the web teams use the shared cluster too; a small part of a model runs beside their pods."""
    chance = world.chance("web pods")
    start, end = world.before(30), world.window.end + DAY
    for number in range(2):
        node = start_node(world, cluster, "m5.4xlarge", "managed", start, end, purpose=f"web {number}")
        for team in world.organisation.web_teams[:2]:
            load = Workload(
                f"{team}-api",
                team,
                "Deployment",
                Owner(team=team, environment="prod", stage="other", is_ml=False),
                f"{cluster.account.id}.dkr.ecr.{world.home}.amazonaws.com/web/{team}:stable",
                (("app.kubernetes.io/name", f"{team}-api"),),
                Decimal(chance.randrange(2, 5)),
                Decimal(4 * chance.randrange(2, 5)),
            )
            keep_running(world, node, load, f"{team} {number}")
        model = chance.one(world.organisation.alive())
        beside = workload(
            world, model, "Deployment", "inference", vcpu=Decimal(3), memory=Decimal(12), suffix="-features"
        )
        keep_running(world, node, beside, f"{model.name} features {number}")
        cluster.nodes.append(node)
