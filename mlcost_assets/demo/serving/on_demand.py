"""Endpoints that cost only while they work: serverless ones, and those that answer later and sleep at night."""

from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.money.meters import daily
from mlcost_assets.demo.money.products import SAGEMAKER_SERVERLESS
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import ALL, behind, output_uri
from mlcost_assets.demo.serving.hosting import host
from mlcost_assets.demo.serving.lives import Life, deploy_versions
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.traffic import Profile
from mlcost_assets.demo.serving.versions import current, ml_instance, served_at
from mlcost_assets.demo.world.world import World

SERVERLESS = daily(
    SAGEMAKER_SERVERLESS,
    "ServerlessInf:Mem-4GB",
    "RunInstance",
    "0.00008",
    "seconds",
    "$0.00008 per second Serverless Inference 4 GB",
)


def serve_serverless(world: World, model: Model) -> None:
    """Serve a model by the second."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("serverless", model.name)
    life = Life(world, model.team.habit.resource(model.name, "sls", environment="prod"), account, model, "prod")
    served = serve(world, current(world, model), account, "prod")
    size = {"MemorySizeInMB": 4096, "MaxConcurrency": 20}
    variant = {"VariantName": ALL, "ModelName": served.name, "InitialVariantWeight": 1.0, "ServerlessConfig": size}
    key = life.configure(served_at(world, model), [], ProductionVariants=[variant])
    shown = {"VariantName": ALL, "CurrentWeight": 1.0, "CurrentServerlessConfig": size}
    life.changes[0][1]["ProductionVariants"] = [shown]
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    profile = Profile(world.chance("serverless seconds", model.name), chance.one((20000, 60000, 200000)))
    for day in world.window.days():
        world.bill(resource, SERVERLESS, int(profile.at(day + 10 * HOUR)), day, day + DAY, clues=clues)
    life.count_calls(900, world.window.start, world.window.end)
    life.time_calls(150)


def serve_async(world: World, model: Model) -> None:
    """Serve a model that answers later, and scales to zero at night."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("async", model.name)
    life = Life(world, model.team.habit.resource(model.name, "async", environment="prod"), account, model, "prod")
    instance = ml_instance(model)
    output = {"OutputConfig": {"S3OutputPath": output_uri(world, model)}}
    clues = deploy_versions(life, model, instance, 1, AsyncInferenceConfig=output)
    resource = life.record(model)
    for day in world.window.days():
        if day.weekday() < 5 or chance.maybe(0.3):
            start = day + chance.randrange(5, 9) * HOUR
            end = start + chance.randrange(6, 14) * HOUR
            host(world, resource, instance, model.size, start, end, usage="AsyncInf", clues=clues)
    life.count_calls(4, world.window.start, world.window.end)
    life.time_calls(9000)
