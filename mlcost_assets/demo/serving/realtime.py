"""Endpoints that answer at once: one model each, in production and sometimes in staging."""

from typing import Any

from mlcost_assets.demo.clock import HOUR
from mlcost_assets.demo.money.commitments import savings_plan_arn
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.endpoints import output_uri
from mlcost_assets.demo.serving.hosting import carry_data, host
from mlcost_assets.demo.serving.lives import Life, deploy_versions
from mlcost_assets.demo.serving.versions import ml_instance
from mlcost_assets.demo.truth.clues import Clue
from mlcost_assets.demo.world.resources import HostedEndpoint, Resource
from mlcost_assets.demo.world.world import World

LEVELS = (60, 400, 3000, 20000)


def serve_realtime(world: World, model: Model, environment: str = "prod") -> None:
    """Serve a model, its new versions as they come, and capture what it answers."""
    account = world.organisation.account_of(model.team, environment)
    chance = world.chance("realtime", model.name, environment)
    part = chance.one(("endpoint", "ep", "", ""))
    life = Life(world, _name(model, account, environment, part), account, model, environment)
    instance = ml_instance(model, environment)
    count = model.size if environment == "prod" else 1
    configuration: dict[str, Any] = {"DataCaptureConfig": _configured_capture(world, model)}
    key = _encryption_key(world, life)
    if key:
        configuration["KmsKeyId"] = key
    clues = deploy_versions(life, model, instance, count, **configuration)
    # Capture looks different in the answer about an endpoint than in the one about its configuration.
    for _, body in life.changes:
        body["DataCaptureConfig"] = _running_capture(world, model)
    resource = life.record(model)
    covered = savings_plan_arn(world, "sagemaker") if environment == "prod" and chance.maybe(0.5) else ""
    start, end = world.window.start, world.window.end
    if count > 2 and not covered and chance.maybe(0.5):
        _host_by_day_and_night(world, resource, instance, count, clues)
    else:
        host(world, resource, instance, count, start, end, covered_by=covered, clues=clues)
    # Of staging nobody asks anything at night.
    level = chance.one(LEVELS) if environment == "prod" else 2
    carry_data(world, resource, level / 400, start, end, clues=clues)
    life.count_calls(level, start, end)
    life.time_calls(world.chance("computing", life.name).uniform(20, 400))
    if SHAPES[instance.removeprefix("ml.")].gpus and environment == "prod":
        life.measure_gpu(chance.uniform(15, 70))
    world.endpoints.append(HostedEndpoint(life.name, resource, model, environment, clues, key))


def _name(model: Model, account: Account, environment: str, part: str) -> str:
    habit = model.team.habit
    parts = [part] if part else []
    # Where neither names nor the account would tell staging from production, staging is named all the same.
    if environment == "staging" and habit.environment == "none" and account.environment != "staging":
        parts.append(habit.environment_word("staging"))
    return habit.resource(model.name, *parts, environment=environment)


def _encryption_key(world: World, life: Life) -> str:
    """Choose the key of an endpoint's volumes, where it has one of its own."""
    chance = world.chance("encryption", life.arn)
    return world.arn("kms", life.account, life.region, f"key/{chance.uuid()}") if chance.maybe(0.3) else ""


def _configured_capture(world: World, model: Model) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": 20,
        "DestinationS3Uri": output_uri(world, model),
        "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
    }


def _running_capture(world: World, model: Model) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 20,
        "DestinationS3Uri": output_uri(world, model),
    }


def _host_by_day_and_night(
    world: World, resource: Resource, instance: str, count: int, clues: tuple[Clue, ...]
) -> None:
    for day in world.window.days():
        for begin, finish, instances in ((0, 7, count - 1), (7, 20, count + 1), (20, 24, count - 1)):
            host(world, resource, instance, instances, day + begin * HOUR, day + finish * HOUR, clues=clues)
