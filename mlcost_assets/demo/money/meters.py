"""Meters: what AWS counts, in which unit, and at which price. Whoever uses something names the meter and how much."""

from dataclasses import dataclass, replace
from decimal import Decimal

from mlcost_assets.demo.money.prices import ec2, sagemaker
from mlcost_assets.demo.money.products import EBS, EC2, SAGEMAKER, SNAPSHOT, Product
from mlcost_assets.demo.organisation.regions import DEFAULT_HOME, REGIONS

_DAYS_OF_MONTH = Decimal("30.4")


@dataclass(frozen=True, slots=True)
class Meter:
    """A usage type of a service, with its price; usage is counted by the hour, by the day, or once."""

    product: Product
    usage_type: str
    operation: str
    rate: Decimal
    unit: str = "Hrs"
    description: str = ""
    step: str = "hour"
    instance_type: str = ""
    # The public price where it is another one; negative where AWS leaves it out.
    public_rate: Decimal | None = None

    def in_region(self, region: str) -> "Meter":
        """Give the meter as a region has it: in us-east-1 only some services name the region, a few nowhere."""
        naming = self.product.names_region
        if naming == "never" or (naming == "abroad" and region == DEFAULT_HOME):
            return self
        return replace(self, usage_type=f"{REGIONS[region].prefix}-{self.usage_type}")


def daily(
    product: Product, usage_type: str, operation: str, rate: str, unit: str, description: str | None = None
) -> Meter:
    """Make a meter that counts by the day."""
    text = f"${rate} per {unit} {usage_type}" if description is None else description
    return Meter(product, usage_type, operation, Decimal(rate), unit, text, step="day")


def hourly(product: Product, usage_type: str, operation: str, rate: str, instance_type: str = "") -> Meter:
    """Make a meter that counts hours."""
    text = f"${rate} per {usage_type} hour"
    return Meter(product, usage_type, operation, Decimal(rate), description=text, instance_type=instance_type)


def instance_hours(instance_type: str, region: str) -> Meter:
    """Make the meter of an EC2 instance on demand."""
    rate = ec2(instance_type, region)
    text = f"${rate} per On Demand Linux {instance_type} Instance Hour"
    return Meter(EC2, f"BoxUsage:{instance_type}", "RunInstances", rate, description=text, instance_type=instance_type)


def ml_hours(prefix: str, instance_type: str, region: str, called: str) -> Meter:
    """Make the meter of an instance of SageMaker: the prefix of its usage type tells what it is used for."""
    rate = sagemaker(instance_type, region)
    text = f"${rate} per {called} {instance_type} hour"
    return Meter(
        SAGEMAKER, f"{prefix}{instance_type}", "RunInstance", rate, description=text, instance_type=instance_type
    )


GP3 = daily(
    EBS,
    "EBS:VolumeUsage.gp3",
    "CreateVolume-Gp3",
    "0.08",
    "GB-Mo",
    "$0.08 per GB-month of General Purpose (gp3) provisioned storage",
)


SNAPSHOTS = daily(
    SNAPSHOT, "EBS:SnapshotUsage", "CreateSnapshot", "0.05", "GB-Mo", "$0.05 per GB-Month of snapshot data stored"
)


def stored(gigabytes: Decimal | int) -> Decimal:
    """Give the GB-months that one day of keeping so many gigabytes takes."""
    return (Decimal(gigabytes) / _DAYS_OF_MONTH).quantize(Decimal("0.00000001"))
