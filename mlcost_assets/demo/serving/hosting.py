"""What hosting costs: instances by the hour, data and storage by the day."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.money.commitments import SAGEMAKER_RATIO, covered
from mlcost_assets.demo.money.meters import daily, ml_hours, stored
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.world.resources import Resource
from mlcost_assets.demo.world.world import World

# Direction, and the part of an endpoint's data that goes in it.
_DATA = (("In", Decimal(1)), ("Out", Decimal("0.4")))
_VOLUME = 30
STORAGE = daily(
    SAGEMAKER_STORAGE,
    "Host:VolumeUsage.gp2",
    "CreateVolume-Gp2",
    "0.14",
    "GB-Mo",
    "$0.14 per GB-Mo of Endpoint ML storage",
)


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
    meter = ml_hours(f"{usage}:", instance, resource.region, usage)
    cover = covered(covered_by, meter.rate, SAGEMAKER_RATIO)
    world.bill(resource, meter, count, start, end, **cover, **options)


def carry_data(
    world: World, resource: Resource, gigabytes: float, start: datetime, end: datetime, **options: Any
) -> None:
    """Bill the data that goes through an endpoint, and its storage."""
    amount = Decimal(f"{max(gigabytes, 0.001):.6f}")
    for direction, part in _DATA:
        text = f"$0.016 per GB Data Processed {direction} for Hosting"
        meter = daily(SAGEMAKER_STORAGE, f"Data-Bytes-{direction}", "Invoke-Endpoint", "0.016", "GB", text)
        world.bill(resource, meter, amount * part, start, end, **options)
    world.bill(resource, STORAGE, stored(_VOLUME), start, end, **options)
