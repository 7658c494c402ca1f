"""What instances have and cost: us-east-1 on demand, other regions and SageMaker by their ratio to it."""

from dataclasses import dataclass
from decimal import Decimal

from mlcost_assets.demo.organisation.regions import REGIONS


@dataclass(frozen=True)
class Shape:
    """What an instance has and costs."""

    vcpu: int
    memory: int
    gpus: int
    price: Decimal


def _shape(vcpu: int, memory: int, gpus: int, price: str) -> Shape:
    return Shape(vcpu, memory, gpus, Decimal(price))


SHAPES = {
    "t3.medium": _shape(2, 4, 0, "0.0416"),
    "t3.large": _shape(2, 8, 0, "0.0832"),
    "m5.large": _shape(2, 8, 0, "0.096"),
    "m5.xlarge": _shape(4, 16, 0, "0.192"),
    "m5.2xlarge": _shape(8, 32, 0, "0.384"),
    "m5.4xlarge": _shape(16, 64, 0, "0.768"),
    "c5.2xlarge": _shape(8, 16, 0, "0.34"),
    "c5.9xlarge": _shape(36, 72, 0, "1.53"),
    "r5.xlarge": _shape(4, 32, 0, "0.252"),
    "r5.4xlarge": _shape(16, 128, 0, "1.008"),
    "g4dn.xlarge": _shape(4, 16, 1, "0.526"),
    "g4dn.12xlarge": _shape(48, 192, 4, "3.912"),
    "g5.xlarge": _shape(4, 16, 1, "1.006"),
    "g5.2xlarge": _shape(8, 32, 1, "1.212"),
    "g5.8xlarge": _shape(32, 128, 1, "2.448"),
    "g5.12xlarge": _shape(48, 192, 4, "5.672"),
    "g5.48xlarge": _shape(192, 768, 8, "16.288"),
    "g6.xlarge": _shape(4, 16, 1, "0.8048"),
    "g6e.xlarge": _shape(4, 32, 1, "1.861"),
    "p3.2xlarge": _shape(8, 61, 1, "3.06"),
    "p4d.24xlarge": _shape(96, 1152, 8, "21.957642"),
    "p5.48xlarge": _shape(192, 2048, 8, "55.04"),
    "inf2.xlarge": _shape(4, 16, 1, "0.7582"),
    "trn1.32xlarge": _shape(128, 512, 16, "21.5"),
}

# Prices that are published; the others follow the ratio rule of the reference (section 4).
_SAGEMAKER = {
    "m5.large": "0.115",
    "m5.xlarge": "0.23",
    "m5.4xlarge": "0.922",
    "r5.4xlarge": "1.21",
    "g4dn.xlarge": "0.7364",
    "g4dn.12xlarge": "4.89",
    "g5.xlarge": "1.408",
    "g5.2xlarge": "1.515",
    "g5.8xlarge": "3.06",
    "g5.12xlarge": "7.09",
    "g5.48xlarge": "20.36",
    "g6.xlarge": "1.127",
    "g6e.xlarge": "2.61",
    "p4d.24xlarge": "25.251286",
    "p5.48xlarge": "63.296",
    "trn1.32xlarge": "28.497",
    "inf2.xlarge": "0.99",
}

# What spot costs, as a part of the price on demand.
SPOT_RATIO = Decimal("0.42")

_CENT_OF_CENT = Decimal("0.0001")
_QUANTUM = Decimal(10) ** 10


def regional(price: Decimal, region: str) -> Decimal:
    """Give the price of a region."""
    factor = REGIONS[region].price
    return price if factor == 1 else (price * factor).quantize(Decimal("0.000001"))


def ec2(instance_type: str, region: str) -> Decimal:
    """Give the hourly on-demand price of an EC2 instance."""
    return regional(SHAPES[instance_type].price, region)


def sagemaker(instance_type: str, region: str) -> Decimal:
    """Give the hourly on-demand price of an ml.* instance."""
    bare = instance_type.removeprefix("ml.")
    if bare in _SAGEMAKER:
        return regional(Decimal(_SAGEMAKER[bare]), region)
    shape = SHAPES[bare]
    ratio = Decimal("1.25") if shape.gpus else Decimal("1.2")
    return regional((shape.price * ratio).quantize(_CENT_OF_CENT), region)


def quanta(amount: Decimal | int) -> int:
    """Write an amount in units of 0.0000000001, exactly."""
    units = Decimal(amount) * _QUANTUM
    whole = int(units)
    if whole != units:
        raise ValueError(f"{amount} has more than ten decimals")
    return whole
