"""SageMaker models: a version made ready to be hosted, from its artifact, a copy of it, or the registry."""

from datetime import timedelta
from typing import Any

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.truth.clues import Clue, by_model, by_name, named, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import image_of, production_bucket
from mlcost_assets.demo.world.resources import Served, Version
from mlcost_assets.demo.world.world import World


def serve(world: World, version: Version, account: Account, environment: str, region: str = "") -> Served:
    """Give the SageMaker model of a version, made the first time it is asked for."""
    place = (version.model.name, version.number, environment, region or version.model.region)
    if place not in world.served:
        world.served[place] = _make(world, version, account, environment, place[3])
    return world.served[place]


def _make(world: World, version: Version, account: Account, environment: str, region: str) -> Served:
    model = version.model
    name = _name(world, version, environment)
    arn = world.arn("sagemaker", account, region, f"model/{name.lower()}")
    container, origin = _container(world, version)
    created = version.ready + timedelta(minutes=20)
    body = {
        "ModelName": name,
        "ModelArn": arn,
        "PrimaryContainer": container,
        "ExecutionRoleArn": world.role(model.team, account, environment),
        "CreationTime": iso(created),
    }
    tags = world.tags(arn, of_model(model, environment, "inference"))
    key = world.record("sagemaker:DescribeModel", arn, account, region, body, created=created, tags=tags)
    if says(name, model.name):
        world.facts.add(named(model.name), (key,))
    if model.team.named_roles:
        world.learn_team(model, *origin.needs, key)
    clues = (*through("", [origin], key), *by_name(name, model, environment, "name of the SageMaker model", key))
    return Served(model, name, key, clues)


def _name(world: World, version: Version, environment: str) -> str:
    """Name a SageMaker model: each team tells versions apart in its own way."""
    model = version.model
    style = world.chance("model names", model.name).one(("name", "version", "stamp"))
    suffix = {
        "name": world.chance("serve", model.name, version.number, environment).code(6),
        "version": f"v{version.number}",
        "stamp": f"{version.ready:%Y%m%d%H%M}",
    }[style]
    return f"{model.team.habit.resource(model.name, environment=environment)}-{suffix}"


def _container(world: World, version: Version) -> tuple[dict[str, Any], Clue]:
    """Say from what the model is loaded, and how that leads to it."""
    model = version.model
    way = world.chance("way", model.name).one(("artifact", "copy", "package" if version.package_arn else "artifact"))
    container: dict[str, Any] = {
        "Image": image_of(world, model),
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
    }
    if way == "package":
        container["ModelPackageName"] = version.package_arn
        text = "lineage: version of a model package group"
        return container, by_model(model, text, version.package_key, version.group_key)
    container["ModelDataUrl"] = version.artifact
    if way == "copy":
        key = version.artifact.split("/", 3)[3]
        container["ModelDataUrl"] = f"s3://{production_bucket(world)}/{key}"
    return container, by_model(model, "lineage: artifact of a training job", version.job_key)
