"""A multi-model endpoint: AWS counts no calls per model; the application may."""

from mlcost_assets.demo.around.buckets import measure_prefix
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import ALL
from mlcost_assets.demo.serving.hosting import carry_data, host
from mlcost_assets.demo.serving.shared import open_shared_endpoint
from mlcost_assets.demo.serving.traffic import Profile, measure
from mlcost_assets.demo.truth.clues import Clue, Share, named
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import bucket_of, image_of
from mlcost_assets.demo.world.world import World

INSTANCE = "ml.m5.4xlarge"


def host_together(world: World, models: list[Model]) -> None:
    """Host some models in one container, each loaded from its artifact when it is called."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("multi model")
    name = f"{chance.one(('mme', 'multi-model', 'tabular-pool', 'shared-cpu'))}-prod"
    folder = f"{bucket_of(world, models[0])}/{name}/models"
    container_key = _container(world, account, name, folder, models[0])
    count = chance.randrange(1, 4)
    variant = {
        "VariantName": ALL,
        "ModelName": f"{name}-container",
        "InstanceType": INSTANCE,
        "InitialInstanceCount": count,
    }
    endpoint, config_key = open_shared_endpoint(world, name, account, world.before(25), variant)
    counted = chance.maybe(0.7)
    levels = {model.name: chance.one((100, 500, 2500)) if counted else 100 for model in models}
    path = (endpoint.key, config_key, container_key)
    calls = [_target(world, account, name, folder, model, levels[model.name] if counted else 0) for model in models]
    for number, day in enumerate(world.window.days()):
        parts = [
            Share(of_model(model, "prod", "inference"), counts[number], (_target_clue(model, path),))
            for model, counts in zip(models, calls, strict=True)
        ]
        host(world, endpoint, INSTANCE, count, day, day + DAY, shares=parts)
        carry_data(world, endpoint, 6, day, day + DAY, shares=parts)
    start, end = world.window.start, world.window.end
    total = Profile(world.chance("multi model traffic"), sum(levels.values()))
    dimensions = {"EndpointName": name, "VariantName": ALL}
    measure(world, account, world.home, "AWS/SageMaker", "Invocations", dimensions, start, end, total)


def _container(world: World, account: Account, name: str, folder: str, first: Model) -> str:
    """Record the SageMaker model that loads all of them, and give its record's key."""
    arn = world.arn("sagemaker", account, world.home, f"model/{name}-container")
    created = world.before(25)
    body = {
        "ModelName": f"{name}-container",
        "ModelArn": arn,
        "PrimaryContainer": {
            "Image": image_of(world, first),
            "Mode": "MultiModel",
            "ModelDataUrl": f"s3://{folder}/",
        },
        "ExecutionRoleArn": world.role(None, account),
        "CreationTime": iso(created),
    }
    return world.record("sagemaker:DescribeModel", arn, account, world.home, body, created=created)


def _target_clue(model: Model, path: tuple[str, ...]) -> Clue:
    return Clue("target model of a multi-model endpoint", needs=path, also=(_targets(model), named(model.name)))


def _targets(model: Model) -> str:
    return f"target model {model.name}"


def _target(world: World, account: Account, endpoint: str, folder: str, model: Model, level: float) -> list[int]:
    """Show a target model, by the application's count or by its artifact, and give its calls day by day."""
    artifact = f"{model.team.habit.path(model.name)}.tar.gz"
    bucket, prefix = folder.split("/", 1)
    key = measure_prefix(world, account, bucket, f"{prefix}/{artifact}", {world.window.start + DAY: (400_000_000, 1)})
    world.facts.add(_targets(model), (key,))
    days = list(world.window.days())
    if not level:
        return [1] * len(days)
    dimensions = {"EndpointName": endpoint, "TargetModel": artifact}
    namespace = f"{world.organisation.company.capitalize()}/Inference"
    start, end = world.window.start, world.window.end
    profile = Profile(world.chance("target", model.name), level)
    for record in measure(world, account, world.home, namespace, "ModelInvocations", dimensions, start, end, profile):
        world.facts.add(_targets(model), (record,))
    again = Profile(world.chance("target", model.name), level)
    return [sum(int(again.at(day + hour * HOUR)) for hour in range(24)) for day in days]
