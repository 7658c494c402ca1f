"""A HyperPod cluster, on which one model is trained for a part of the time."""

from datetime import timedelta
from typing import Any

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.money.meters import ml_hours
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World


def run_hyperpod(world: World) -> None:
    """Run the cluster for some weeks."""
    models = [
        model for model in world.organisation.models if SHAPES[model.instance].gpus and model.serving != "forgotten"
    ]
    chance = world.chance("hyperpod")
    model = chance.one(models or list(world.organisation.models))
    account = world.organisation.account_of(model.team, "prod")
    name = chance.one((model.team.habit.resource(model.name, "hp", environment="prod"), f"{model.team.name}-hyperpod"))
    arn = world.arn("sagemaker", account, world.home, f"cluster/{chance.code(12)}")
    owner = of_model(model, "prod", "training")
    start = world.window.at(chance.uniform(0, 0.5))
    end = min(start + timedelta(days=chance.randrange(12, 45)), world.window.end - DAY)
    count = chance.randrange(2, 5)
    instance = chance.one(("ml.g5.8xlarge", "ml.g5.12xlarge", "ml.g5.48xlarge"))
    body = {
        "ClusterArn": arn,
        "ClusterName": name,
        "ClusterStatus": "InService",
        "CreationTime": iso(start),
        "InstanceGroups": [_workers(world, model, instance, count)],
        "NodeRecovery": "Automatic",
    }
    tags = world.tags(arn, owner)
    cluster = world.create(
        "sagemaker:DescribeCluster", arn, account, world.home, owner, body, created=start, gone=end, tags=tags
    )
    clues = world.job_clues(model, "lineage: scripts under the model's checkpoints", cluster.key)
    if says(name, model.name):
        clues += (by_model(model, "name of the cluster", cluster.key),)
    clues += world.role_clues(model.team, "prod", cluster.key)
    world.bill(cluster, ml_hours("Cluster:", instance, world.home, "HyperPod"), count, start, end, clues=clues)


def _workers(world: World, model: Model, instance: str, count: int) -> dict[str, Any]:
    return {
        "InstanceGroupName": "workers",
        "InstanceType": instance,
        "CurrentCount": count,
        "TargetCount": count,
        "ExecutionRole": world.role(model.team, world.organisation.account_of(model.team, "prod"), "prod"),
        "LifeCycleConfig": {
            "SourceS3Uri": f"{data_uri(world, model, 'checkpoints')}/lifecycle",
            "OnCreate": "on_create.sh",
        },
    }
