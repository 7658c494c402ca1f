"""The platform team's endpoints that several models share."""

from datetime import datetime
from typing import Any

from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.serving.endpoints import configure, endpoint_body
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World


def open_shared_endpoint(
    world: World,
    name: str,
    account: Account,
    created: datetime,
    variant: dict[str, Any],
) -> tuple[Resource, str]:
    """Record a shared endpoint, and give the key of its configuration; nobody tags it for a model."""
    arn = world.arn("sagemaker", account, world.home, f"endpoint/{name}")
    config_key = configure(world, f"{name}-config", account, world.home, created, [], ProductionVariants=[variant])
    body = endpoint_body(name, arn, f"{name}-config", created, created, [])
    count = variant["InitialInstanceCount"]
    body["ProductionVariants"] = [
        {"VariantName": variant["VariantName"], "CurrentInstanceCount": count, "CurrentWeight": 1.0}
    ]
    owner = Owner(environment="prod", stage="inference")
    return world.create(
        "sagemaker:DescribeEndpoint", arn, account, world.home, owner, body, created=created
    ), config_key
