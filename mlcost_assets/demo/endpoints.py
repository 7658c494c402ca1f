"""Endpoints of SageMaker and what stands behind them: models, configurations, variants, metrics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from mlcost_assets.demo.catalogue import SAGEMAKER, SAGEMAKER_STORAGE
from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import DAY, HOUR, iso
from mlcost_assets.demo.jobs import by_model
from mlcost_assets.demo.layout import data_uri, image_of, production_bucket
from mlcost_assets.demo.organisation import Account, Model
from mlcost_assets.demo.owners import ENVIRONMENT, Clue, named, of_model, team_of
from mlcost_assets.demo.prices import sagemaker
from mlcost_assets.demo.world import Resource, Version, World, environment_in, flat

DATA_RATE = Decimal("0.016")
STORAGE_RATE = Decimal("0.14")


@dataclass(frozen=True)
class Served:
    """A SageMaker model: one version of a model, ready to be hosted."""

    model: Model
    name: str
    key: str
    clues: tuple[Clue, ...]


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint."""

    name: str
    served: Served
    instance: str
    count: int
    weight: float = 1.0
    shadow: bool = False


def serve(world: World, version: Version, account: Account, environment: str, region: str = "") -> Served:
    """Give the SageMaker model of a version, made the first time it is asked for."""
    place = (version.model.name, version.number, environment, region or version.model.region)
    if place not in world.served:
        world.served[place] = _make(world, version, account, environment, place[3])
    return cast(Served, world.served[place])


def _make(world: World, version: Version, account: Account, environment: str, region: str) -> Served:
    """Make a SageMaker model: from the artifact, from the registry, or from a copy of the artifact."""
    model = version.model
    chance = world.chance("serve", model.name, version.number, environment)
    style = world.chance("model names", model.name).one(("name", "version", "stamp"))
    suffix = {
        "name": chance.code(6),
        "version": f"v{version.number}",
        "stamp": f"{version.ready:%Y%m%d%H%M}",
    }[style]
    name = f"{model.team.habit.resource(model.name, environment=environment)}-{suffix}"
    arn = world.arn("sagemaker", account, region, f"model/{name.lower()}")
    way = world.chance("way", model.name).one(("artifact", "copy", "package" if version.package_arn else "artifact"))
    container: dict[str, Any] = {
        "Image": image_of(world, model),
        "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
    }
    if way == "package":
        container["ModelPackageName"] = version.package_arn
        clue = by_model(
            "lineage: version of a model package group", version.package_key, version.group_key, model=model
        )
    else:
        container["ModelDataUrl"] = version.artifact
        if way == "copy":
            key = version.artifact.split("/", 3)[3]
            container["ModelDataUrl"] = f"s3://{production_bucket(world)}/{key}"
        clue = by_model("lineage: artifact of a training job", version.job_key, model=model)
    owner = of_model(model, environment, "inference")
    created = version.ready + timedelta(minutes=20)
    body = {
        "ModelName": name,
        "ModelArn": arn,
        "PrimaryContainer": container,
        "ExecutionRoleArn": world.role(model.team, account, environment),
        "CreationTime": iso(created),
    }
    key = world.record(
        "sagemaker:DescribeModel", arn, account, region, body, created=created, tags=world.tags(arn, owner)
    )
    clues = [Clue(clue.text, clue.tells, (key, *clue.needs), clue.also)]
    if flat(model.name) in flat(name):
        world.facts.add(named(model.name), (key,))
        clues.append(by_model("name of the SageMaker model", key, model=model))
    if environment_in(name, environment):
        clues.append(Clue("name of the SageMaker model", frozenset({ENVIRONMENT}), (key,)))
    return Served(model, name, key, tuple(clues))


def configure(
    world: World,
    name: str,
    account: Account,
    region: str,
    created: datetime,
    variants: Sequence[Variant],
    **more: Any,
) -> tuple[str, str]:
    """Record an endpoint configuration and give its name and its record's key."""
    arn = world.arn("sagemaker", account, region, f"endpoint-config/{name.lower()}")
    body: dict[str, Any] = {
        "EndpointConfigName": name,
        "EndpointConfigArn": arn,
        "ProductionVariants": [_variant(variant) for variant in variants if not variant.shadow],
        "CreationTime": iso(created),
        **more,
    }
    shadows = [_variant(variant) for variant in variants if variant.shadow]
    if shadows:
        body["ShadowProductionVariants"] = shadows
    return name, world.record("sagemaker:DescribeEndpointConfig", arn, account, region, body, created=created)


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "VariantName": variant.name,
        "ModelName": variant.served.name,
        "InitialInstanceCount": variant.count,
        "InstanceType": variant.instance,
        "InitialVariantWeight": variant.weight,
    }


def endpoint_body(
    name: str,
    arn: str,
    config: str,
    created: datetime,
    changed: datetime,
    variants: Sequence[Variant],
    **more: Any,
) -> dict[str, Any]:
    """Write the answer of DescribeEndpoint."""
    return {
        "EndpointName": name,
        "EndpointArn": arn,
        "EndpointConfigName": config,
        "ProductionVariants": [
            {
                "VariantName": variant.name,
                "CurrentWeight": variant.weight,
                "DesiredWeight": variant.weight,
                "CurrentInstanceCount": variant.count,
                "DesiredInstanceCount": variant.count,
            }
            for variant in variants
            if not variant.shadow
        ],
        "EndpointStatus": "InService",
        "CreationTime": iso(created),
        "LastModifiedTime": iso(changed),
        **more,
    }


def announce(world: World, model: Model, account: Account, environment: str, at: datetime, resources: list[str]) -> str:
    """Write the deployment that a CI system reports, if the team deploys by CI; give its key."""
    anchored = "deployment" in model.anchors
    if not (anchored or model.team.deploys_by_ci) or at < world.window.start - 60 * DAY:
        return ""
    chance = world.chance("deployment", model.name, environment, at)
    repository = f"{world.organisation.company}/{model.team.name}-models"
    run = chance.digits(10)
    body: dict[str, Any] = {
        "provider": "github",
        "repository": repository,
        "commit": chance.hex(40),
        "ref": "refs/heads/main" if environment == "prod" else "refs/heads/develop",
        "workflow": f"deploy-{model.team.habit.path(model.name)}",
        "run_id": run,
        "actor": chance.one(model.team.members),
        "occurred_at": iso(at),
        "resources": resources,
    }
    if anchored or chance.maybe(0.6):
        body["model"] = model.team.habit.path(model.name)
        body["environment"] = environment
    if anchored:
        body["team"] = model.team.name
    key = world.record(
        "cicd:Deployment",
        f"github/{repository}/runs/{run}",
        account,
        model.region,
        body,
        created=at,
        is_event=True,
        collector="ci",
        tags=None,
    )
    if "model" in body:
        world.facts.add(named(model.name), (key,))
    if anchored:
        world.facts.add(team_of(model.name), (key,))
    return key if "model" in body else ""


def host(
    world: World,
    resource: Resource,
    instance: str,
    count: Decimal | int,
    start: datetime,
    end: datetime,
    *,
    usage: str = "Host",
    covered_by: str = "",
    **options: Any,
) -> None:
    """Bill the instances of an endpoint."""
    rate = sagemaker(instance, resource.region)
    if covered_by:
        options["covered_by"] = covered_by
        options["covered_rate"] = (rate * Decimal("0.64")).quantize(Decimal("0.000001"))
        options["line_item_type"] = "SavingsPlanCoveredUsage"
    world.bill(
        resource,
        SAGEMAKER,
        f"{usage}:{instance}",
        "RunInstance",
        start,
        end,
        quantity=count,
        rate=rate,
        unit="Hrs",
        instance_type=instance,
        description=f"${rate} per {usage} {instance} hour",
        **options,
    )


def carry_data(
    world: World, resource: Resource, gigabytes: float, start: datetime, end: datetime, **options: Any
) -> None:
    """Bill the data that goes through an endpoint, and its storage."""
    amount = Decimal(f"{max(gigabytes, 0.001):.6f}")
    for direction, part in (("In", Decimal(1)), ("Out", Decimal("0.4"))):
        world.bill(
            resource,
            SAGEMAKER_STORAGE,
            f"Data-Bytes-{direction}",
            "Invoke-Endpoint",
            start,
            end,
            quantity=amount * part,
            rate=DATA_RATE,
            unit="GB",
            step="day",
            description=f"${DATA_RATE} per GB Data Processed {direction} for Hosting",
            **options,
        )
    world.bill(
        resource,
        SAGEMAKER_STORAGE,
        "Host:VolumeUsage.gp2",
        "CreateVolume-Gp2",
        start,
        end,
        quantity=Decimal("0.98684211"),
        rate=STORAGE_RATE,
        unit="GB-Mo",
        step="day",
        description=f"${STORAGE_RATE} per GB-Mo of Endpoint ML storage",
        **options,
    )


def measure(
    world: World,
    account: Account,
    region: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    start: datetime,
    end: datetime,
    values: "Profile",
    stat: str = "Sum",
) -> list[str]:
    """Record a metric, one record a day with hourly values, and give the records' keys."""
    keys = []
    start, end = world.window.clip(start, end)
    name = "/".join([namespace, metric, *(f"{key}={value}" for key, value in sorted(dimensions.items()))])
    day = start.replace(hour=0)
    while day < end:
        hours = [day + n * HOUR for n in range(24) if start <= day + n * HOUR < end] if values.level else []
        numbers = [values.at(hour) for hour in hours]
        body = {
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": dimensions,
            "Stat": stat,
            "Period": 3600,
            "Timestamps": [iso(hour) for hour in hours],
            "Values": numbers,
        }
        key = world.record(
            "cloudwatch:GetMetricData",
            f"{name}/{day:%Y-%m-%d}",
            account,
            region,
            body,
            created=day + DAY - timedelta(minutes=1),
            is_event=True,
            tags=None,
        )
        keys.append(key)
        day += DAY
    return keys


@dataclass
class Profile:
    """The course of a metric over the day and the week."""

    chance: Chance
    level: float
    whole: bool = True

    def at(self, moment: datetime) -> float:
        """Give the value of one hour."""
        daily = (0.35, 0.25, 0.2, 0.2, 0.25, 0.4, 0.7, 0.9, 1.1, 1.3, 1.4, 1.4)[min(moment.hour, 23 - moment.hour)]
        weekly = 0.7 if moment.weekday() >= 5 else 1.0
        value = self.level * daily * weekly * self.chance.uniform(0.85, 1.15)
        return int(value) if self.whole else round(value, 2)


def behind(text: str, endpoint_key: str, config_key: str, served: Served) -> tuple[Clue, ...]:
    """Lead the clues of a SageMaker model on to the endpoint that hosts it."""
    return tuple(
        Clue(f"{text}: {clue.text}", clue.tells, (endpoint_key, config_key, *clue.needs), clue.also)
        for clue in served.clues
    )


def output_uri(world: World, model: Model) -> str:
    """Say where captured or asynchronous answers of a model go."""
    return f"{data_uri(world, model, 'inference-output')}/"
