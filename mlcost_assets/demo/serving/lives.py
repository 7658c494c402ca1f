"""The life of an endpoint: which configurations it had from when to when, and what its metrics say."""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.deployments import announce
from mlcost_assets.demo.serving.endpoints import ALL, Variant, behind, configure, endpoint_body
from mlcost_assets.demo.serving.models import serve
from mlcost_assets.demo.serving.traffic import Profile, measure
from mlcost_assets.demo.serving.versions import rollout
from mlcost_assets.demo.truth.clues import Clue, by_model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

# Somebody began to collect latencies when they asked what waking would cost: it takes the last 30 full days to tell.
_TIMED_DAYS = 33
# What the answer about a configuration says, and the one about the endpoint does not.
_NOT_SHOWN = ("ProductionVariants", "KmsKeyId")


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

    def configure(self, at: datetime, variants: list[Variant], **more: Any) -> str:
        """Deploy a configuration and give its record's key."""
        name = f"{self.name}-{at:%Y%m%d%H%M}"
        key = configure(self.world, name, self.account, self.region, at, variants, **more)
        shown = {field: value for field, value in more.items() if field not in _NOT_SHOWN}
        created = self.changes[0][0] if self.changes else at
        self.changes.append((at, endpoint_body(self.name, self.arn, name, created, at, variants, **shown)))
        return key

    def record(self, model: Model, gone: datetime | None = None, *, names_model: bool = True) -> Resource:
        """Record the endpoint, tagged for the model, and make it a billed resource."""
        owner = of_model(model, self.environment, "inference")
        tags = self.world.tags(f"{self.arn} {iso(self.changes[0][0])}", owner)
        if not names_model:
            tags.user = {dimension: tag for dimension, tag in tags.user.items() if dimension == "environment"}
        return self.world.create(
            "sagemaker:DescribeEndpoint",
            self.arn,
            self.account,
            self.region,
            owner,
            self.changes,
            gone=gone,
            tags=tags,
        )

    def count_calls(self, level: float, start: datetime, end: datetime, variant: str = ALL) -> None:
        """Record the invocations of a variant."""
        profile = Profile(self.world.chance("traffic", self.name, variant, start), level)
        dimensions = {"EndpointName": self.name, "VariantName": variant}
        measure(
            self.world,
            self.account,
            self.region,
            "AWS/SageMaker",
            "Invocations",
            dimensions,
            start,
            end,
            profile,
        )

    def time_calls(self, milliseconds: float) -> None:
        """Record for how long the model computes, which CloudWatch tells in microseconds; only of the last weeks."""
        world = self.world
        start = max(world.window.start, world.window.end - timedelta(days=_TIMED_DAYS))
        profile = Profile(world.chance("latency", self.name), milliseconds * 1000, is_steady=True)
        dimensions = {"EndpointName": self.name, "VariantName": ALL}
        where = (world, self.account, self.region, "AWS/SageMaker", "ModelLatency", dimensions)
        measure(*where, start, world.window.end, profile, "Average")

    def measure_gpu(self, percent: float) -> None:
        """Record how busy the accelerators of the endpoint are."""
        profile = Profile(self.world.chance("gpu", self.name), percent, whole=False)
        dimensions = {"EndpointName": self.name, "VariantName": ALL}
        measure(
            self.world,
            self.account,
            self.region,
            "/aws/sagemaker/Endpoints",
            "GPUUtilization",
            dimensions,
            self.world.window.start,
            self.world.window.end,
            profile,
            "Average",
        )


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
            clues.append(by_model(model, "deployment by CI", deployed))
    return tuple(clues)
