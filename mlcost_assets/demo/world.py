"""The world under simulation: activities put resources, records and charges into it together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mlcost_assets.demo.catalogue import usage_type as in_region
from mlcost_assets.demo.chance import Chance, stream
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.landing import Body, Landing, Record
from mlcost_assets.demo.ledger import DIRECT, NON_ML, POOL, SHARED, Ledger, Line, Product, Scope
from mlcost_assets.demo.naming import SHORT_ENVIRONMENTS
from mlcost_assets.demo.organisation import Account, Model, Organisation, Team
from mlcost_assets.demo.owners import (
    ENVIRONMENT,
    MODEL,
    NOBODY,
    TEAM,
    Clue,
    Facts,
    Owner,
    Share,
    account_environment,
    named,
    team_of,
)
from mlcost_assets.demo.tagging import NO_TAGS, Tagger, Tags

ENVIRONMENT_WORDS = {environment: set(spelled) for environment, spelled in SHORT_ENVIRONMENTS.items()}
ENVIRONMENT_WORDS["dev"].add("sandbox")


@dataclass
class Resource:
    """Something that is billed: its id in the bill, its record, its tags."""

    id: str
    account: Account
    region: str
    key: str = ""
    tags: Tags = field(default_factory=lambda: NO_TAGS)
    owner: Owner = NOBODY


@dataclass(frozen=True)
class HostedEndpoint:
    """An endpoint on which others rely: monitors, functions, log groups."""

    name: str
    resource: Resource
    model: Model
    environment: str
    clues: tuple[Clue, ...]


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


def flat(name: str) -> str:
    """Reduce a name to its letters and digits."""
    return re.sub("[^a-z0-9]", "", name.lower())


def environment_in(name: str, environment: str) -> bool:
    """Tell whether a name says its environment."""
    tokens = set(re.split("[^a-z0-9]+", name.lower()))
    return bool(tokens & ENVIRONMENT_WORDS[environment])


class World:
    """The organisation, its months, and all that happens in them."""

    def __init__(self, seed: int, organisation: Organisation, window: Window, tagger: Tagger):
        self.seed = seed
        self.organisation = organisation
        self.window = window
        self.tagger = tagger
        self.landing = Landing()
        self.ledger = Ledger()
        self.facts = Facts()
        self.resources: dict[tuple[str, str], Resource] = {}
        self.versions: dict[str, list[Version]] = {}
        self.served: dict[tuple[str, int, str, str], object] = {}
        self.endpoints: list[HostedEndpoint] = []
        # Kubernetes labels reach the bill as user tags, where somebody has activated them.
        self.imports_labels = tagger.compliance > 0 and self.chance("imported labels").maybe(0.5)
        self.pipelines: dict[str, str] = {}
        self.rules: list[dict[str, Any]] = []
        for account in organisation.accounts:
            if account.environment:
                self.facts.add(account_environment(account.id, account.environment))

    def chance(self, *purpose: object) -> Chance:
        """Open the stream of chance of a purpose."""
        return stream(self.seed, *purpose)

    def arn(self, service: str, account: Account, region: str, rest: str) -> str:
        """Write an ARN."""
        return f"arn:aws:{service}:{region}:{account.id}:{rest}"

    def role(self, team: Team | None, account: Account, environment: str = "") -> str:
        """Name the IAM role with which a team's workloads run."""
        if team is None or not team.named_roles:
            return f"arn:aws:iam::{account.id}:role/service-role/AmazonSageMaker-ExecutionRole-20250114T093211"
        suffix = f"-{team.habit.environment_word(environment)}" if environment else ""
        return f"arn:aws:iam::{account.id}:role/{team.name}-ml-execution{suffix}"

    def role_clues(self, team: Team | None, environment: str, key: str) -> tuple[Clue, ...]:
        """Give what the role in a record tells."""
        if team is None or not team.named_roles:
            return ()
        tells = {TEAM, ENVIRONMENT} if environment else {TEAM}
        return (Clue("execution role", frozenset(tells), (key,)),)

    def tags(self, purpose: str, owner: Owner, system: dict[str, str] | None = None) -> Tags:
        """Tag a resource as its team would."""
        return self.tagger.tags(purpose, owner, system)

    def account_tags(self, account: Account) -> Tags:
        """Give the tags of an account."""
        return Tags(plain=dict(account.tags))

    def record(
        self,
        kind: str,
        record_id: str,
        account: Account,
        region: str,
        body: Body | Sequence[tuple[datetime, Body]],
        *,
        created: datetime | None = None,
        gone: datetime | None = None,
        tags: Tags | None = NO_TAGS,
        **options: Any,
    ) -> str:
        """Put a record into the landing zone and give its key."""
        versions = [(created or self.before(30), body)] if isinstance(body, dict) else list(body)
        return self.landing.add(Record(kind, record_id, account.id, region, versions, gone=gone, tags=tags, **options))

    def before(self, days: int) -> datetime:
        """Give a moment before the window."""
        return self.window.start - timedelta(days=days)

    def resource(
        self,
        billing_id: str,
        account: Account,
        region: str,
        owner: Owner,
        *,
        key: str = "",
        tags: Tags | None = None,
    ) -> Resource:
        """Make a billed resource."""
        resource = Resource(billing_id, account, region, key, tags or NO_TAGS, owner)
        self.resources[(account.id, billing_id)] = resource
        self._learn(resource)
        return resource

    def _learn(self, resource: Resource) -> None:
        """Note what the tags of a resource teach about its model."""
        owner, written = resource.owner, resource.tags.user
        if not owner.model or MODEL not in written or not written[MODEL].resolvable:
            return
        in_bill = self.tagger.is_active(written[MODEL].key, self.window.end)
        needs = () if in_bill else (resource.key,)
        if written[MODEL].state == "compliant" and (in_bill or resource.key):
            self.facts.add(named(owner.model), needs)
        if TEAM in written and written[TEAM].state == "compliant" and (in_bill or resource.key):
            active = self.tagger.is_active(written[TEAM].key, self.window.end)
            if active or resource.key:
                self.facts.add(team_of(owner.model), needs if active else (resource.key,))

    def bill(
        self,
        resource: Resource,
        product: Product,
        usage_type: str,
        operation: str,
        start: datetime,
        end: datetime,
        *,
        quantity: Decimal | int,
        rate: Decimal,
        unit: str,
        owner: Owner | None = None,
        clues: tuple[Clue, ...] = (),
        shares: Sequence[Share] | None = None,
        step: str = "hour",
        kind: str = "",
        **options: Any,
    ) -> None:
        """Charge the use of a resource, cut where what the bill shows of its tags changes."""
        start, end = self.window.clip(start, end)
        if end <= start:
            return
        parts = list(shares) if shares else [Share(owner or resource.owner, 1, clues)]
        parts = [
            Share(part.owner, part.weight, part.clues + self._clues_in_name(resource, part.owner)) for part in parts
        ]
        cuts = [start, *(cut for cut in self.tagger.changes(resource.tags) if start < cut < end), end]
        for begin, finish in pairwise(cuts):
            own = tuple(
                Share(part.owner, part.weight, self._clues_in_tags(resource, part.owner, begin) + part.clues)
                if len(parts) == 1
                else part
                for part in parts
            )
            self.ledger.add(
                Line(
                    product=product,
                    account_id=resource.account.id,
                    region=resource.region,
                    usage_type=in_region(product, resource.region, usage_type),
                    operation=operation,
                    resource_id=resource.id,
                    start=begin,
                    end=finish,
                    step=step,
                    quantity=Decimal(quantity),
                    rate=rate,
                    unit=unit,
                    shares=own,
                    kind=kind or _kind(parts),
                    tags=self.tagger.bill(resource.tags, begin),
                    **options,
                )
            )

    def pool(
        self,
        resource: Resource,
        product: Product,
        usage_type: str,
        operation: str,
        *,
        scope: Scope,
        stage: str,
        quantity: Decimal | int,
        rate: Decimal,
        unit: str,
        start: datetime | None = None,
        end: datetime | None = None,
        kind: str = POOL,
        **options: Any,
    ) -> None:
        """Charge what names no owner: it is divided over the direct costs of its scope."""
        self.ledger.add(
            Line(
                product=product,
                account_id=resource.account.id,
                region=resource.region,
                usage_type=in_region(product, resource.region, usage_type),
                operation=operation,
                resource_id=resource.id,
                start=start or self.window.start,
                end=end or self.window.end,
                step=options.pop("step", "hour"),
                quantity=Decimal(quantity),
                rate=rate,
                unit=unit,
                shares=(),
                kind=kind,
                scope=scope,
                pool_owner=Owner(stage=stage),
                tags=self.tagger.bill(resource.tags, self.window.start),
                **options,
            )
        )

    @staticmethod
    def _clues_in_name(resource: Resource, owner: Owner) -> tuple[Clue, ...]:
        clues = []
        if owner.model and flat(owner.model) in flat(resource.id):
            clues.append(Clue("name of the resource", frozenset({MODEL}), also=(named(owner.model),)))
        if owner.team and flat(owner.team) in flat(resource.id):
            clues.append(Clue("team in the name of the resource", frozenset({TEAM})))
        if owner.environment and environment_in(resource.id, owner.environment):
            clues.append(Clue("environment in the name of the resource", frozenset({ENVIRONMENT})))
        return tuple(clues)

    def _clues_in_tags(self, resource: Resource, owner: Owner, moment: datetime) -> tuple[Clue, ...]:
        clues = []
        tags = resource.tags
        if tags.since and moment < tags.since:
            return ()
        for dimension in (MODEL, TEAM, ENVIRONMENT):
            written = tags.user.get(dimension)
            value = getattr(owner, dimension)
            if not written or not written.resolvable or value is None or value != getattr(resource.owner, dimension):
                continue
            also = (named(owner.model or ""),) if dimension == MODEL and written.state != "compliant" else ()
            if self.tagger.is_active(written.key, moment):
                clues.append(Clue("tag in the bill", frozenset({dimension}), also=also))
            elif resource.key:
                clues.append(Clue("tag on the resource", frozenset({dimension}), (resource.key,), also))
        return tuple(clues)


def _kind(parts: Sequence[Share]) -> str:
    if not any(part.owner.is_ml for part in parts):
        return NON_ML
    return DIRECT if len(parts) == 1 else SHARED
