"""The ledger: what is used, from when to when, at which price, for whom; the bill is made from it."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.clock import DAY, HOUR
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.money.products import Product
from mlcost_assets.demo.truth.clues import Share
from mlcost_assets.demo.truth.owners import NOBODY, Owner

DIRECT = "direct"
SHARED = "shared"
POOL = "pool"
COMMITMENT = "commitment"
NON_ML = "non_ml"

_STEPS = {"hour": HOUR, "day": DAY}


@dataclass(frozen=True, slots=True)
class Scope:
    """The costs over which a pool is divided."""

    kind: str
    value: str = ""


@dataclass(slots=True)
class Line:
    """One kind of usage of one resource, over an interval in which nothing about it changes."""

    meter: Meter
    account_id: str
    region: str
    resource_id: str
    start: datetime
    end: datetime
    quantity: Decimal
    shares: tuple[Share, ...]
    kind: str = DIRECT
    tags: dict[str, str] = field(default_factory=dict)
    line_item_type: str = "Usage"
    bill_type: str = "Anniversary"
    zone: str = ""
    covered_by: str = ""
    covered_rate: Decimal = Decimal(0)
    scope: Scope | None = None
    pool_owner: Owner = NOBODY
    scopes: tuple[Scope, ...] = ()
    split_cluster: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    account_tags: dict[str, str] = field(default_factory=dict)

    def estimate(self) -> float:
        """Estimate what the line costs over its interval."""
        width = _STEPS.get(self.meter.step)
        times = (self.end - self.start) / width if width else 1
        return float(self.quantity * self.meter.rate) * times


@dataclass(frozen=True, slots=True)
class SavingsPlan:
    """A commitment in dollars an hour."""

    arn: str
    account_id: str
    product: Product
    usage_type: str
    offering: str
    payment: str
    start: datetime
    idle_share: Decimal


@dataclass(frozen=True, slots=True)
class Reservation:
    """A commitment in instances."""

    arn: str
    account_id: str
    instance_type: str
    region: str
    count: int
    recurring: Decimal
    upfront: Decimal
    start: datetime

    @property
    def hourly(self) -> Decimal:
        """Give what one reserved instance costs an hour, upfront part included."""
        return self.recurring + self.upfront


# What split cost allocation data calls its rows.
EKS_POD = "EKSPod-EC2"
ECS_TASK = "ECSTask-EC2"


@dataclass(frozen=True, slots=True)
class Placement:
    """A pod or a task on an instance with split cost allocation data."""

    instance_id: str
    arn: str
    start: datetime
    end: datetime
    vcpu: Decimal
    memory: Decimal
    gpus: int
    tags: tuple[tuple[str, str], ...]
    operation: str = EKS_POD


@dataclass
class Ledger:
    """All the lines, and the commitments that cover some of them."""

    lines: list[Line] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    savings_plans: dict[str, SavingsPlan] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Add a line unless its interval is empty."""
        if line.end > line.start:
            self.lines.append(line)
