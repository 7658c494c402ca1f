"""Serving on SageMaker: every way in which a model's endpoint can look."""

from datetime import timedelta
from decimal import Decimal

from mlcost_assets.demo.catalogue import SAGEMAKER_SERVERLESS
from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.commitments import savings_plan_arn
from mlcost_assets.demo.endpoints import (
    Profile,
    Served,
    Variant,
    announce,
    behind,
    carry_data,
    host,
    output_uri,
    serve,
)
from mlcost_assets.demo.jobs import Job, by_model, run_transform
from mlcost_assets.demo.lives import (
    ALL,
    Life,
    count_calls,
    current,
    deploy_versions,
    measure_gpu,
    ml_instance,
    partner,
    rollout,
    served_at,
)
from mlcost_assets.demo.organisation import Model
from mlcost_assets.demo.owners import Clue, Share, of_model
from mlcost_assets.demo.prices import SHAPES
from mlcost_assets.demo.world import HostedEndpoint, Resource, World

SERVERLESS_RATE = Decimal("0.00008")
LEVELS = (60, 400, 3000, 20000)


def serve_models(world: World) -> None:
    """Serve every model in its way; half of them have a staging endpoint besides."""
    for model in world.organisation.models:
        # Models on Kubernetes or on plain instances are served by kubernetes.py and instances.py.
        if model.serving in _STYLES:
            _STYLES[model.serving](world, model)
        if model.serving in ("realtime", "variants", "serverless") and world.chance("staging", model.name).maybe(0.6):
            _realtime(world, model, "staging")


def _realtime(world: World, model: Model, environment: str = "prod") -> None:
    account = world.organisation.ml_account(environment)
    chance = world.chance("realtime", model.name, environment)
    part = chance.one(("endpoint", "ep", "", ""))
    habit = model.team.habit
    parts = [part] if part else []
    if environment == "staging" and habit.environment == "none" and account.environment != "staging":
        parts.append(habit.environment_word("staging"))
    name = habit.resource(model.name, *parts, environment=environment)
    life = Life(world, name, account, model, environment)
    instance = ml_instance(model, environment)
    count = model.size if environment == "prod" else 1
    captured = {
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 20,
            "DestinationS3Uri": output_uri(world, model),
            "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
        }
    }
    clues = deploy_versions(life, model, instance, count, **captured)
    # Capture looks different in the answer about an endpoint than in the one about its configuration.
    for _, body in life.changes:
        body["DataCaptureConfig"] = {
            "EnableCapture": True,
            "CaptureStatus": "Started",
            "CurrentSamplingPercentage": 20,
            "DestinationS3Uri": output_uri(world, model),
        }
    resource = life.record(model)
    covered = savings_plan_arn(world, "sagemaker") if environment == "prod" and chance.maybe(0.5) else ""
    start, end = world.window.start, world.window.end
    if count > 2 and not covered and chance.maybe(0.5):
        _host_by_day_and_night(world, resource, instance, count, clues)
    else:
        host(world, resource, instance, count, start, end, covered_by=covered, clues=clues)
    level = chance.one(LEVELS) if environment == "prod" else 15
    carry_data(world, resource, level / 400, start, end, clues=clues)
    count_calls(world, life, ALL, level, start, end)
    if SHAPES[instance.removeprefix("ml.")].gpus and environment == "prod":
        measure_gpu(world, life, chance.uniform(15, 70))
    world.endpoints.append(HostedEndpoint(life.name, resource, model, environment, clues))


def _host_by_day_and_night(
    world: World, resource: Resource, instance: str, count: int, clues: tuple[Clue, ...]
) -> None:
    for day in world.window.days():
        for begin, finish, instances in ((0, 7, count - 1), (7, 20, count + 1), (20, 24, count - 1)):
            host(world, resource, instance, instances, day + begin * HOUR, day + finish * HOUR, clues=clues)


def _variants(world: World, model: Model) -> None:
    """Two variants in an A/B test, and a shadow variant on another instance type."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("variants", model.name)
    name = model.team.habit.resource(model.name, "ab", environment="prod")
    life = Life(world, name, account, model, "prod")
    challenger = partner(world, model, "challenger") if chance.maybe(0.5) else model
    shadow = partner(world, model, "shadow")
    instance = ml_instance(model)
    shadow_instance = "ml.g5.xlarge" if instance != "ml.g5.xlarge" else "ml.g4dn.xlarge"
    first, second, third = (
        serve(world, current(world, served), account, "prod", model.region) for served in (model, challenger, shadow)
    )
    at = max(world.before(12), *(current(world, m).ready for m in (model, challenger, shadow))) + HOUR
    variants = [
        Variant("champion", first, instance, max(model.size, 2), 0.8),
        Variant("challenger", second, instance, 1, 0.2),
        Variant("shadow", third, shadow_instance, 1, 1.0, shadow=True),
    ]
    key = life.configure(at, variants)
    resource = life.record(model)
    start, end = world.window.start, world.window.end
    parts = [
        Share(of_model(served.model, "prod", "inference"), count, behind("variant", life.key, key, served))
        for served, count in ((first, max(model.size, 2)), (second, 1))
    ]
    if challenger == model:
        parts = [Share(parts[0].owner, 1, parts[0].clues)]
    host(world, resource, instance, max(model.size, 2) + 1, start, end, shares=parts)
    host(
        world,
        resource,
        shadow_instance,
        1,
        start,
        end,
        shares=[Share(of_model(shadow, "prod", "inference"), 1, behind("shadow variant", life.key, key, third))],
    )
    carry_data(world, resource, 20, start, end, shares=parts)
    for variant, level in (("champion", 4000), ("challenger", 1000), ("shadow", 5000)):
        count_calls(world, life, variant, level, start, end)


def _serverless(world: World, model: Model) -> None:
    account = world.organisation.ml_account("prod")
    chance = world.chance("serverless", model.name)
    life = Life(world, model.team.habit.resource(model.name, "sls", environment="prod"), account, model, "prod")
    served = serve(world, current(world, model), account, "prod")
    at = served_at(world, model)
    serverless = {"MemorySizeInMB": 4096, "MaxConcurrency": 20}
    production = [
        {
            "VariantName": ALL,
            "ModelName": served.name,
            "InitialVariantWeight": 1.0,
            "ServerlessConfig": serverless,
        }
    ]
    key = life.configure(at, [], ProductionVariants=production)
    life.changes[0][1]["ProductionVariants"] = [
        {"VariantName": ALL, "CurrentWeight": 1.0, "CurrentServerlessConfig": serverless}
    ]
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    profile = Profile(world.chance("serverless seconds", model.name), chance.one((20000, 60000, 200000)))
    for day in world.window.days():
        world.bill(
            resource,
            SAGEMAKER_SERVERLESS,
            "ServerlessInf:Mem-4GB",
            "RunInstance",
            day,
            day + DAY,
            quantity=int(profile.at(day + 10 * HOUR)),
            rate=SERVERLESS_RATE,
            unit="seconds",
            step="day",
            clues=clues,
            description=f"${SERVERLESS_RATE} per second Serverless Inference 4 GB",
        )
    count_calls(world, life, ALL, 900, world.window.start, world.window.end)


def _async(world: World, model: Model) -> None:
    """An endpoint that answers later, and scales to zero at night."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("async", model.name)
    life = Life(world, model.team.habit.resource(model.name, "async", environment="prod"), account, model, "prod")
    instance = ml_instance(model)
    configuration = {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": output_uri(world, model)}}}
    clues = deploy_versions(life, model, instance, 1, **configuration)
    resource = life.record(model)
    for day in world.window.days():
        if day.weekday() < 5 or chance.maybe(0.3):
            start = day + chance.randrange(5, 9) * HOUR
            hours = chance.randrange(6, 14)
            host(
                world,
                resource,
                instance,
                model.size,
                start,
                start + hours * HOUR,
                usage="AsyncInf",
                clues=clues,
            )
    count_calls(world, life, ALL, 40, world.window.start, world.window.end)


def _generic_name(world: World, model: Model, purpose: str) -> str:
    word = world.chance("generic", purpose, model.name).one(
        ("scoring", "realtime-api", "predictor", "inference", "serving")
    )
    return f"{model.team.name}-{word}-{'prod' if model.team.habit.environment != 'none' else 'main'}"


def _moved(world: World, model: Model) -> None:
    """An endpoint that serves one model until, in the middle of a month, it gets another."""
    account = world.organisation.ml_account("prod")
    other = partner(world, model, "moved")
    life = Life(world, _generic_name(world, model, "moved"), account, model, "prod")
    instance = ml_instance(model)
    moment = world.window.at(world.chance("moved", model.name).uniform(0.3, 0.7))
    first = serve(world, current(world, model), account, "prod")
    second = serve(world, current(world, other), account, "prod", model.region)
    begin = max(served_at(world, model), world.before(15))
    first_key = life.configure(begin, [Variant(ALL, first, instance, model.size)])
    second_key = life.configure(moment, [Variant(ALL, second, instance, model.size)])
    deployed = announce(world, other, account, "prod", moment, [life.arn])
    # Seldom does an endpoint for anything carry the name of the model it began with.
    resource = life.record(model, names_model=world.chance("stale tag", model.name).maybe(0.25))
    second_clues = behind("endpoint moved", life.key, second_key, second)
    if deployed:
        second_clues += (by_model("deployment by CI", deployed, model=other),)
    # What is billed by the day belongs to the model that was there when the day began.
    midnight = moment.replace(hour=0) + DAY
    halves = (
        (world.window.start, moment, midnight, model, behind("endpoint", life.key, first_key, first)),
        (moment, world.window.end, world.window.end, other, second_clues),
    )
    for start, end, day_end, served, clues in halves:
        shares = [Share(of_model(served, "prod", "inference"), 1, clues)]
        host(world, resource, instance, model.size, start, end, shares=shares)
        carry_data(world, resource, 8, midnight if start == moment else start, day_end, shares=shares)
    count_calls(world, life, ALL, 2500, world.window.start, world.window.end)


def _reused(world: World, model: Model) -> None:
    """An endpoint that is deleted and, days later, made again under the same name for another model."""
    account = world.organisation.ml_account("prod")
    other = partner(world, model, "reused")
    name = _generic_name(world, model, "reused") + "-2"
    gone = world.window.at(0.4)
    again = gone + timedelta(days=3, hours=5)
    lives = (
        (model, max(served_at(world, model), world.before(15)), world.window.start, gone),
        (other, again, again, world.window.end),
    )
    for served_model, begin, start, end in lives:
        life = Life(world, name, account, model, "prod")
        served = serve(world, current(world, served_model), account, "prod", model.region)
        instance = ml_instance(served_model)
        key = life.configure(begin, [Variant(ALL, served, instance, served_model.size)])
        resource = life.record(served_model, gone=end if end < world.window.end else None)
        clues = behind("endpoint of that life", life.key, key, served)
        host(world, resource, instance, served_model.size, start, end, clues=clues)
        count_calls(world, life, ALL, 1200, start, end)


def _legacy(world: World, model: Model) -> None:
    """A model that eats GPU for little traffic."""
    account = world.organisation.ml_account("prod")
    life = Life(world, model.team.habit.resource(model.name, "v1", environment="prod"), account, model, "prod")
    served = serve(world, current(world, model), account, "prod")
    instance = world.chance("legacy", model.name).one(("ml.p3.2xlarge", "ml.g4dn.12xlarge"))
    key = life.configure(served_at(world, model), [Variant(ALL, served, instance, 2)])
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    # It has run for so long that it was put under the savings plan.
    covered = savings_plan_arn(world, "sagemaker")
    host(world, resource, instance, 2, world.window.start, world.window.end, covered_by=covered, clues=clues)
    carry_data(world, resource, 0.05, world.window.start, world.window.end, clues=clues)
    count_calls(world, life, ALL, 3, world.window.start, world.window.end)
    measure_gpu(world, life, 1.5)


def _forgotten(world: World, model: Model) -> None:
    """An endpoint that nobody has called for months."""
    account = world.organisation.ml_account("dev" if world.chance("forgotten", model.name).maybe(0.5) else "prod")
    environment = "dev" if account == world.organisation.ml_account("dev") else "prod"
    name = model.team.habit.resource(model.name, "pilot", environment=environment)
    life = Life(world, name, account, model, environment)
    served = serve(world, current(world, model), account, environment)
    key = life.configure(served_at(world, model), [Variant(ALL, served, "ml.g5.xlarge", 1)])
    resource = life.record(model)
    clues = behind("endpoint", life.key, key, served)
    host(world, resource, "ml.g5.xlarge", 1, world.window.start, world.window.end, clues=clues)
    count_calls(world, life, ALL, 0, world.window.start, world.window.end)


def _batch(world: World, model: Model) -> None:
    """Nightly batch transform jobs."""
    account = world.organisation.ml_account("prod")
    chance = world.chance("batch", model.name)
    generic = chance.maybe(0.5)
    served: Served | None = None
    versions = rollout(world, model)
    instance = "ml.g4dn.xlarge" if SHAPES[model.instance].gpus else "ml.c5.9xlarge"
    by_version = {version.number: serve(world, version, account, "prod") for version in versions}
    for day in world.window.days():
        version = [version for version in versions if version.ready < day][-1]
        served = by_version[version.number]
        base = "batch-transform" if generic else model.team.habit.resource(model.name, "batch", environment="prod")
        job = Job(
            world,
            chance,
            model,
            account,
            of_model(model, "prod", "inference"),
            f"{base[:38]}-{day:%Y-%m-%d}-{chance.code(5)}",
            day + timedelta(hours=2, minutes=chance.randrange(60)),
            chance.randrange(60, 200) * model.size,
            instance,
            count=model.size,
            clues=[
                Clue(f"transform job: {clue.text}", clue.tells, ("", *clue.needs), clue.also) for clue in served.clues
            ],
        )
        run_transform(job, served.name)


_STYLES = {
    "realtime": _realtime,
    "batch": _batch,
    "variants": _variants,
    "serverless": _serverless,
    "async": _async,
    "moved": _moved,
    "legacy": _legacy,
    "forgotten": _forgotten,
    "reused": _reused,
}
