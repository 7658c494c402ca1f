"""The life of an endpoint: which configurations it had from when to when, and what its metrics say."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.endpoints import (
    Profile,
    Variant,
    announce,
    behind,
    configure,
    endpoint_body,
    measure,
    serve,
)
from mlcost_assets.demo.jobs import by_model
from mlcost_assets.demo.organisation import Account, Model
from mlcost_assets.demo.owners import Clue, of_model
from mlcost_assets.demo.prices import SHAPES
from mlcost_assets.demo.world import Resource, Version, World

ALL = "AllTraffic"


def partner(world: World, model: Model, purpose: str) -> Model:
    """Choose another model, of the same team where it has one."""
    others = [other for other in world.organisation.models if other != model and other.serving != "forgotten"]
    same_team = [other for other in others if other.team == model.team and other.region == model.region]
    fitting = same_team or [other for other in others if other.region == model.region] or others
    return world.chance("partner", purpose, model.name).one(fitting)


def rollout(world: World, model: Model) -> list[Version]:
    """List the versions that get deployed: what was ready before the window, then about one a week."""
    versions = world.versions[model.name]
    before = [version for version in versions if version.ready < world.window.start]
    chosen = before[-1:]
    if world.chance("stale", model.name).maybe(0.3):
        return chosen
    for version in versions[len(before) :]:
        if version.ready - chosen[-1].ready >= 6 * DAY and version.ready < world.window.end - DAY:
            chosen.append(version)
    return chosen


def ml_instance(model: Model, environment: str = "prod") -> str:
    """Choose the instance on which a model is hosted."""
    if environment == "prod":
        return f"ml.{model.instance}"
    return "ml.g4dn.xlarge" if SHAPES[model.instance].gpus else "ml.m5.large"


class Life:
    """One endpoint from its creation to its end, with the configurations it had."""

    def __init__(self, world: World, name: str, account: Account, model: Model, environment: str):
        self.world = world
        self.name = name
        self.account = account
        self.region = model.region
        self.environment = environment
        self.arn = world.arn("sagemaker", account, model.region, f"endpoint/{name.lower()}")
        self.key = f"sagemaker:DescribeEndpoint {self.arn}"
        self.changes: list[tuple[datetime, dict[str, Any]]] = []
        self.created: datetime | None = None

    def configure(self, at: datetime, variants: list[Variant], **more: Any) -> str:
        """Deploy a configuration."""
        self.created = self.created or at
        name, key = configure(
            self.world, f"{self.name}-{at:%Y%m%d%H%M}", self.account, self.region, at, variants, **more
        )
        shown = {field: value for field, value in more.items() if field != "ProductionVariants"}
        body = endpoint_body(self.name, self.arn, name, self.created, at, variants, **shown)
        self.changes.append((at, body))
        return key

    def record(self, model: Model, gone: datetime | None = None, *, names_model: bool = True) -> Resource:
        """Record the endpoint, tagged for the model, and make it a billed resource."""
        owner = of_model(model, self.environment, "inference")
        first = self.changes[0][0]
        tags = self.world.tags(f"{self.arn} {iso(first)}", owner)
        if not names_model:
            tags.user = {dimension: tag for dimension, tag in tags.user.items() if dimension == "environment"}
        self.world.record(
            "sagemaker:DescribeEndpoint",
            self.arn,
            self.account,
            self.region,
            self.changes,
            gone=gone,
            tags=tags,
        )
        return self.world.resource(self.arn, self.account, self.region, owner, key=self.key, tags=tags)


def deploy_versions(life: Life, model: Model, instance: str, count: int, **more: Any) -> tuple[Clue, ...]:
    """Deploy the versions of a model one after the other; give the clues that lead to the model."""
    world = life.world
    clues: list[Clue] = []
    for version in rollout(world, model):
        at = version.ready + timedelta(hours=1)
        served = serve(world, version, life.account, life.environment)
        key = life.configure(at, [Variant(ALL, served, instance, count)], **more)
        if not clues:
            clues += behind("endpoint", life.key, key, served)
        deployed = announce(world, model, life.account, life.environment, at, [life.arn])
        if deployed:
            clues.append(by_model("deployment by CI", deployed, model=model))
    return tuple(clues)


def count_calls(world: World, life: Life, variant: str, level: float, start: datetime, end: datetime) -> None:
    """Record the invocations of a variant."""
    chance = world.chance("traffic", life.name, variant, start)
    dimensions = {"EndpointName": life.name, "VariantName": variant}
    measure(
        world,
        life.account,
        life.region,
        "AWS/SageMaker",
        "Invocations",
        dimensions,
        start,
        end,
        Profile(chance, level),
    )


def measure_gpu(world: World, life: Life, percent: float) -> None:
    """Record how busy the accelerators of an endpoint are."""
    chance = world.chance("gpu", life.name)
    dimensions = {"EndpointName": life.name, "VariantName": ALL}
    measure(
        world,
        life.account,
        life.region,
        "/aws/sagemaker/Endpoints",
        "GPUUtilization",
        dimensions,
        world.window.start,
        world.window.end,
        Profile(chance, percent, whole=False),
        "Average",
    )


def current(world: World, model: Model) -> Version:
    """Give the version that was ready when the window began."""
    return [version for version in world.versions[model.name] if version.ready < world.window.start][-1]


def served_at(world: World, model: Model) -> datetime:
    """Say when the current version of a model went into service."""
    return current(world, model).ready + HOUR
