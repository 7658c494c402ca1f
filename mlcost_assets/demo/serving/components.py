"""Inference components: what a model takes of an endpoint is its copies times its accelerators, and copies change."""

from datetime import datetime
from itertools import pairwise

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import ALL
from mlcost_assets.demo.serving.hosting import host
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.shared import open_shared_endpoint
from mlcost_assets.demo.serving.traffic import Profile, measure
from mlcost_assets.demo.serving.versions import current, served_at
from mlcost_assets.demo.truth.clues import Clue, Share, through
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

INSTANCE = "ml.g5.12xlarge"

Copies = list[tuple[datetime, int]]


def host_components(world: World, models: list[Model]) -> None:
    """Host some models side by side."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("components")
    created = max([world.before(20), *(served_at(world, model) for model in models)])
    name = f"{chance.one(('shared-gpu', 'llm-pool', 'gpu-serving', 'inference-hub'))}-prod"
    instances = chance.randrange(2, 4)
    variant = {"VariantName": ALL, "InstanceType": INSTANCE, "InitialInstanceCount": instances}
    endpoint, _ = open_shared_endpoint(world, name, account, created, variant)
    changes = sorted(world.window.at(chance.uniform(0.1, 0.9)) for _ in range(3))
    accelerators = {model.name: chance.randrange(1, 3) for model in models}
    copies: dict[str, Copies] = {
        model.name: [(created, 1 + place % 2), (changes[place], 2 + place % 2)] for place, model in enumerate(models)
    }
    clues = {
        model.name: _component(world, endpoint, name, model, accelerators[model.name], copies[model.name])
        for model in models
    }
    for start, end in pairwise([world.window.start, *changes, world.window.end]):
        parts = [
            Share(
                of_model(model, "prod", "inference"),
                accelerators[model.name] * [count for at, count in copies[model.name] if at <= start][-1],
                clues[model.name],
            )
            for model in models
        ]
        if end > start:
            host(world, endpoint, INSTANCE, instances, start, end, shares=parts)
    for model in models:
        dimensions = {"EndpointName": name, "VariantName": ALL, "InferenceComponentName": _name(model)}
        profile = Profile(world.chance("component traffic", model.name), chance.one((200, 2000, 9000)))
        start, end = world.window.start, world.window.end
        measure(world, account, world.home, "AWS/SageMaker", "Invocations", dimensions, start, end, profile)


def _name(model: Model) -> str:
    return model.team.habit.resource(model.name, "ic", environment="prod")


def _component(
    world: World, endpoint: Resource, endpoint_name: str, model: Model, accelerators: int, copies: Copies
) -> tuple[Clue, ...]:
    """Record the component of a model, and give the clues that lead through it."""
    account = endpoint.account
    served = serve(world, current(world, model), account, "prod", world.home)
    arn = world.arn("sagemaker", account, world.home, f"inference-component/{_name(model).lower()}")
    versions = [
        (
            at,
            {
                "InferenceComponentName": _name(model),
                "InferenceComponentArn": arn,
                "EndpointName": endpoint_name,
                "EndpointArn": endpoint.id,
                "VariantName": ALL,
                "Specification": {
                    "ModelName": served.name,
                    "ComputeResourceRequirements": {
                        "NumberOfAcceleratorDevicesRequired": accelerators,
                        "MinMemoryRequiredInMb": 8192,
                    },
                },
                "RuntimeConfig": {"DesiredCopyCount": count, "CurrentCopyCount": count},
                "CreationTime": iso(copies[0][0]),
                "LastModifiedTime": iso(at),
                "InferenceComponentStatus": "InService",
            },
        )
        for at, count in copies
    ]
    tags = world.tags(arn, of_model(model, "prod", "inference"))
    key = world.record("sagemaker:DescribeInferenceComponent", arn, account, world.home, versions, tags=tags)
    return through("inference component: ", served.clues, key)
