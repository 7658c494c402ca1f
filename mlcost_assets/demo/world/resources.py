"""What others rely on: billed resources, trained versions, models ready to be hosted, endpoints."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Clue
from mlcost_assets.demo.truth.owners import NOBODY, Owner
from mlcost_assets.demo.world.tagging import NO_TAGS, Tags


@dataclass(frozen=True)
class Resource:
    """Something that is billed: its id in the bill, the key of its record, its tags."""

    id: str
    account: Account
    region: str
    key: str = ""
    tags: Tags = field(default_factory=lambda: NO_TAGS)
    owner: Owner = NOBODY


@dataclass(frozen=True)
class Version:
    """A trained version of a model: what serves can be traced back to it."""

    model: Model
    number: int
    ready: datetime
    artifact: str
    job_key: str
    job_arn: str
    package_arn: str = ""
    package_key: str = ""
    group_key: str = ""


@dataclass(frozen=True)
class Served:
    """A SageMaker model: one version of a model, ready to be hosted."""

    model: Model
    name: str
    key: str
    clues: tuple[Clue, ...]


@dataclass(frozen=True)
class HostedEndpoint:
    """An endpoint on which others rely: monitors, functions, log groups."""

    name: str
    resource: Resource
    model: Model
    environment: str
    clues: tuple[Clue, ...]
    encryption_key: str = ""


@dataclass(frozen=True)
class Estimate:
    """What a gateway tells of a day of a model, in dollars, and the parts of its difference to the list price."""

    day: datetime
    model: str
    calls: int
    estimated: Decimal
    price: Decimal
    cache_tokens: Decimal
    retries: Decimal
    missing_calls: Decimal
