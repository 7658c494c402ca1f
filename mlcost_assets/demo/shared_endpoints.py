"""Endpoints that several models share: inference components, and multi-model endpoints."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from mlcost_assets.demo.buckets import measure_prefix
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.endpoints import (
    Profile,
    Served,
    carry_data,
    configure,
    endpoint_body,
    host,
    measure,
    serve,
)
from mlcost_assets.demo.layout import bucket_of, image_of
from mlcost_assets.demo.lives import ALL, current, served_at
from mlcost_assets.demo.organisation import US, Account, Model
from mlcost_assets.demo.owners import MODEL, Clue, Owner, Share, named, of_model
from mlcost_assets.demo.world import Resource, World

COMPONENT_INSTANCE = "ml.g5.12xlarge"
MULTI_MODEL_INSTANCE = "ml.m5.4xlarge"


def share_endpoints(world: World) -> None:
    """Run the platform team's shared endpoints."""
    alive = [model for model in world.organisation.models if model.serving not in ("forgotten", "legacy")]
    chance = world.chance("shared endpoints")
    _components(world, chance.some(alive, 3))
    if chance.maybe(0.8):
        _multi_model(world, chance.some(alive, chance.randrange(2, 5)))


def _endpoint(
    world: World,
    name: str,
    account: Account,
    created: datetime,
    variants: list[dict[str, Any]],
    shown: dict[str, Any],
) -> tuple[Resource, str]:
    """Record a shared endpoint and its configuration; it belongs to the platform team, if anybody tags it."""
    arn = world.arn("sagemaker", account, US, f"endpoint/{name}")
    _, config_key = configure(world, f"{name}-config", account, US, created, [], ProductionVariants=variants)
    body = endpoint_body(name, arn, f"{name}-config", created, created, [])
    body["ProductionVariants"] = [shown]
    key = world.record("sagemaker:DescribeEndpoint", arn, account, US, body, created=created)
    return world.resource(arn, account, US, Owner(environment="prod", stage="inference"), key=key), config_key


def _components(world: World, models: list[Model]) -> None:
    """Inference components: what a model takes is its copies times its accelerators, and copies change."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("components")
    created = max([world.before(20), *(served_at(world, model) for model in models)])
    name = f"{chance.one(('shared-gpu', 'llm-pool', 'gpu-serving', 'inference-hub'))}-prod"
    instances = chance.randrange(2, 4)
    variant = {"VariantName": ALL, "InstanceType": COMPONENT_INSTANCE, "InitialInstanceCount": instances}
    shown = {"VariantName": ALL, "CurrentInstanceCount": instances, "CurrentWeight": 1.0}
    endpoint, _ = _endpoint(world, name, account, created, [variant], shown)
    changes = sorted(world.window.at(chance.uniform(0.1, 0.9)) for _ in range(3))
    copies: dict[str, list[tuple[datetime, int]]] = {}
    accelerators = {model.name: chance.randrange(1, 3) for model in models}
    for place, model in enumerate(models):
        copies[model.name] = [(created, 1 + place % 2), (changes[place], 2 + place % 2)]
    clues = {
        model.name: _component(world, account, endpoint, name, model, accelerators[model.name], copies[model.name])
        for model in models
    }
    cuts = [world.window.start, *changes, world.window.end]
    for start, end in pairwise(cuts):
        parts = [
            Share(
                of_model(model, "prod", "inference"),
                accelerators[model.name] * [count for at, count in copies[model.name] if at <= start][-1],
                clues[model.name],
            )
            for model in models
        ]
        if end > start:
            host(world, endpoint, COMPONENT_INSTANCE, instances, start, end, shares=parts)
    for model in models:
        component = _component_name(model)
        dimensions = {"EndpointName": name, "VariantName": ALL, "InferenceComponentName": component}
        profile = Profile(world.chance("component traffic", model.name), chance.one((200, 2000, 9000)))
        start, end = world.window.start, world.window.end
        measure(world, account, US, "AWS/SageMaker", "Invocations", dimensions, start, end, profile)


def _component_name(model: Model) -> str:
    return model.team.habit.resource(model.name, "ic", environment="prod")


def _component(
    world: World,
    account: Account,
    endpoint: Resource,
    endpoint_name: str,
    model: Model,
    accelerators: int,
    copies: list[tuple[datetime, int]],
) -> tuple[Clue, ...]:
    served: Served = serve(world, current(world, model), account, "prod", US)
    component = _component_name(model)
    arn = world.arn("sagemaker", account, US, f"inference-component/{component.lower()}")
    created = copies[0][0]
    versions = [
        (
            at,
            {
                "InferenceComponentName": component,
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
                "CreationTime": iso(created),
                "LastModifiedTime": iso(at),
                "InferenceComponentStatus": "InService",
            },
        )
        for at, count in copies
    ]
    owner = of_model(model, "prod", "inference")
    key = world.record("sagemaker:DescribeInferenceComponent", arn, account, US, versions, tags=world.tags(arn, owner))
    return tuple(
        Clue(f"inference component: {clue.text}", clue.tells, (key, *clue.needs), clue.also) for clue in served.clues
    )


def _multi_model(world: World, models: list[Model]) -> None:
    """A multi-model endpoint: AWS counts no calls per model; the application may."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("multi model")
    name = f"{chance.one(('mme', 'multi-model', 'tabular-pool', 'shared-cpu'))}-prod"
    created = world.before(25)
    bucket = bucket_of(world, models[0])
    prefix = f"{name}/models"
    model_name = f"{name}-container"
    model_arn = world.arn("sagemaker", account, US, f"model/{model_name}")
    container = {
        "Image": image_of(world, models[0]),
        "Mode": "MultiModel",
        "ModelDataUrl": f"s3://{bucket}/{prefix}/",
    }
    body = {
        "ModelName": model_name,
        "ModelArn": model_arn,
        "PrimaryContainer": container,
        "ExecutionRoleArn": world.role(None, account),
        "CreationTime": iso(created),
    }
    model_key = world.record("sagemaker:DescribeModel", model_arn, account, US, body, created=created)
    count = chance.randrange(1, 4)
    variant = {
        "VariantName": ALL,
        "ModelName": model_name,
        "InstanceType": MULTI_MODEL_INSTANCE,
        "InitialInstanceCount": count,
    }
    shown = {"VariantName": ALL, "CurrentInstanceCount": count, "CurrentWeight": 1.0}
    endpoint, config_key = _endpoint(world, name, account, created, [variant], shown)
    counted = chance.maybe(0.7)
    levels = {model.name: chance.one((100, 500, 2500)) if counted else 100 for model in models}
    path = (endpoint.key, config_key, model_key)
    calls = [
        _target(world, account, name, bucket, prefix, model, levels[model.name] if counted else 0) for model in models
    ]
    for number, day in enumerate(world.window.days()):
        parts = [
            Share(of_model(model, "prod", "inference"), counts[number], (_target_clue(model, path),))
            for model, counts in zip(models, calls, strict=True)
        ]
        host(world, endpoint, MULTI_MODEL_INSTANCE, count, day, day + DAY, shares=parts)
        carry_data(world, endpoint, 6, day, day + DAY, shares=parts)
    start, end = world.window.start, world.window.end
    total = Profile(world.chance("multi model traffic"), sum(levels.values()))
    dimensions = {"EndpointName": name, "VariantName": ALL}
    measure(world, account, US, "AWS/SageMaker", "Invocations", dimensions, start, end, total)


def _target_clue(model: Model, path: tuple[str, ...]) -> Clue:
    return Clue(
        "target model of a multi-model endpoint",
        frozenset({MODEL}),
        path,
        (_targets(model), named(model.name)),
    )


def _targets(model: Model) -> str:
    return f"target model {model.name}"


def _target(
    world: World, account: Account, endpoint: str, bucket: str, prefix: str, model: Model, level: float
) -> list[int]:
    """Show a target model, by the application's count or by its artifact, and give its calls day by day."""
    artifact = f"{model.team.habit.path(model.name)}.tar.gz"
    key = measure_prefix(world, account, bucket, f"{prefix}/{artifact}", {world.window.start + DAY: (400_000_000, 1)})
    world.facts.add(_targets(model), (key,))
    days = list(world.window.days())
    if not level:
        return [1] * len(days)
    dimensions = {"EndpointName": endpoint, "TargetModel": artifact}
    namespace = f"{world.organisation.company.capitalize()}/Inference"
    start, end = world.window.start, world.window.end
    profile = Profile(world.chance("target", model.name), level)
    for record in measure(world, account, US, namespace, "ModelInvocations", dimensions, start, end, profile):
        world.facts.add(_targets(model), (record,))
    again = Profile(world.chance("target", model.name), level)
    return [sum(int(again.at(day + hour * HOUR)) for hour in range(24)) for day in days]
