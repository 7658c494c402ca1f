"""Endpoints of SageMaker as their APIs show them: variants, configurations, and what stands behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Clue, through
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.resources import Served
from mlcost_assets.demo.world.world import World

# The name that SageMaker's console gives to an endpoint's only variant.
ALL = "AllTraffic"


@dataclass(frozen=True)
class Variant:
    """A variant of an endpoint."""

    name: str
    served: Served
    instance: str
    count: int
    weight: float = 1.0
    shadow: bool = False


def configure(
    world: World,
    name: str,
    account: Account,
    region: str,
    created: datetime,
    variants: Sequence[Variant],
    **more: Any,
) -> str:
    """Record an endpoint configuration and give its record's key."""
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
    return world.record("sagemaker:DescribeEndpointConfig", arn, account, region, body, created=created)


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


def behind(text: str, endpoint_key: str, config_key: str, served: Served) -> tuple[Clue, ...]:
    """Lead the clues of a SageMaker model on to the endpoint that hosts it."""
    return through(f"{text}: ", served.clues, endpoint_key, config_key)


def output_uri(world: World, model: Model) -> str:
    """Say where captured or asynchronous answers of a model go."""
    return f"{data_uri(world, model, 'inference-output')}/"
