"""Plans of usage: what is used, from when to when, at which price, for whom; the bill is made from them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.owners import NOBODY, Owner, Share

DIRECT = "direct"
SHARED = "shared"
POOL = "pool"
COMMITMENT = "commitment"
NON_ML = "non_ml"

QUANTUM = Decimal(10) ** 10


def quanta(amount: Decimal | int) -> int:
    """Write an amount in units of 0.0000000001, exactly."""
    units = Decimal(amount) * QUANTUM
    whole = int(units)
    if whole != units:
        raise ValueError(f"{amount} has more than ten decimals")
    return whole


@dataclass(frozen=True, slots=True)
class Product:
    """A service as the bill writes it."""

    code: str
    name: str
    service: str = ""
    family: str = ""
    names_home_region: bool = False

    @property
    def service_code(self) -> str:
        """The service code is the product code unless another service meters the usage."""
        return self.service or self.code


@dataclass(frozen=True, slots=True)
class Scope:
    """The costs over which a pool is divided."""

    kind: str
    value: str = ""


@dataclass(slots=True)
class Line:
    """One kind of usage of one resource, over an interval in which nothing about it changes."""

    product: Product
    account_id: str
    region: str
    usage_type: str
    operation: str
    resource_id: str
    start: datetime
    end: datetime
    step: str
    quantity: Decimal
    rate: Decimal
    unit: str
    shares: tuple[Share, ...]
    kind: str = DIRECT
    tags: dict[str, str] = field(default_factory=dict)
    line_item_type: str = "Usage"
    bill_type: str = "Anniversary"
    zone: str = ""
    instance_type: str = ""
    description: str = ""
    covered_by: str = ""
    covered_rate: Decimal = Decimal(0)
    public_rate: Decimal | None = None
    scope: Scope | None = None
    pool_owner: Owner = NOBODY
    scopes: tuple[Scope, ...] = ()
    split_cluster: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    account_tags: dict[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True, slots=True)
class Placement:
    """A pod on a node of a cluster with split cost allocation data."""

    instance_id: str
    pod_arn: str
    start: datetime
    end: datetime
    vcpu: Decimal
    memory: Decimal
    gpus: int
    tags: tuple[tuple[str, str], ...]


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
