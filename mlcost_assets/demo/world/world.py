"""The world under simulation: activities put resources, records and charges into it together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from mlcost_assets.demo.chance import Chance, stream
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.money.ledger import DIRECT, NON_ML, POOL, SHARED, Ledger, Line, Scope
from mlcost_assets.demo.money.meters import Meter
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.organise import Organisation
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.organisation.words import DEFAULT_SEED
from mlcost_assets.demo.truth.clues import (
    ENVIRONMENT,
    TEAM,
    Clue,
    Share,
    account_environment,
    account_team,
    by_model,
    named,
    team_of,
)
from mlcost_assets.demo.truth.judge import Facts
from mlcost_assets.demo.truth.owners import Owner
from mlcost_assets.demo.world.evidence import learn, with_name, with_tags
from mlcost_assets.demo.world.landing import Body, Landing, Record
from mlcost_assets.demo.world.resources import Estimate, HostedEndpoint, Resource, Served, Version
from mlcost_assets.demo.world.tagging import NO_TAGS, Tagger, Tags


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
        self.served: dict[tuple[str, int, str, str], Served] = {}
        self.endpoints: list[HostedEndpoint] = []
        # Kubernetes labels reach the bill as user tags, where somebody has activated them.
        self.imports_labels = tagger.compliance > 0 and self.chance("imported labels").maybe(0.5)
        self.pipelines: dict[str, str] = {}
        self.rules: list[dict[str, Any]] = []
        self.estimates: list[Estimate] = []
        # The ids of endpoints that are billed and that nobody calls.
        self.uncalled: list[str] = []
        for account in organisation.accounts:
            if account.environment:
                self.facts.add(account_environment(account.id, account.environment))
            if account.team:
                self.facts.add(account_team(account.id, account.team))

    def chance(self, *purpose: object) -> Chance:
        """Open the stream of chance of a purpose."""
        return stream(self.seed, *purpose)

    def has(self, thing: str, probability: float) -> bool:
        """Tell whether the organisation has something that not all have; the default one has everything."""
        return self.seed == DEFAULT_SEED or self.chance("has", thing).maybe(probability)

    @property
    def home(self) -> str:
        """The region in which most things run."""
        return self.organisation.home

    @property
    def second(self) -> str:
        """The region in which some models are served."""
        return self.organisation.second

    def before(self, days: int) -> datetime:
        """Give a moment before the window."""
        return self.window.start - timedelta(days=days)

    def arn(self, service: str, account: Account, region: str, rest: str) -> str:
        """Write an ARN."""
        return f"arn:aws:{service}:{region}:{account.id}:{rest}"

    def role(self, team: Team | None, account: Account, environment: str = "") -> str:
        """Name the IAM role with which a team's workloads run."""
        if team is None or not team.named_roles:
            return f"arn:aws:iam::{account.id}:role/service-role/AmazonSageMaker-ExecutionRole-20250114T093211"
        suffix = f"-{team.habit.environment_word(environment)}" if environment else ""
        return f"arn:aws:iam::{account.id}:role/{team.name}-ml-execution{suffix}"

    def role_clues(self, team: Team, environment: str, key: str) -> tuple[Clue, ...]:
        """Give what the role in a record tells."""
        if not team.named_roles:
            return ()
        return (Clue("execution role", frozenset({TEAM, ENVIRONMENT} if environment else {TEAM}), (key,)),)

    def learn_team(self, model: Model, *needs: str) -> None:
        """Note a record that connects a model with a name of its team: a role, a code repository."""
        self.facts.add(team_of(model.name), needs, (named(model.name),))

    def job_clues(self, model: Model, text: str, *needs: str) -> tuple[Clue, ...]:
        """Trace something to a model by the jobs that show where the model's data lies."""
        return tuple(by_model(model, text, *needs, version.job_key) for version in self.versions[model.name][:2])

    def tags(self, purpose: str, owner: Owner, system: dict[str, str] | None = None) -> Tags:
        """Tag a resource as its team would."""
        return self.tagger.tags(purpose, owner, system)

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

    def resource(
        self, billing_id: str, account: Account, region: str, owner: Owner, *, key: str = "", tags: Tags = NO_TAGS
    ) -> Resource:
        """Make a billed resource; its key is that of its record, if it has one."""
        resource = Resource(billing_id, account, region, key, tags, owner)
        self.resources[(account.id, billing_id)] = resource
        learn(self.facts, self.tagger, resource, self.window)
        return resource

    def create(
        self,
        kind: str,
        record_id: str,
        account: Account,
        region: str,
        owner: Owner,
        body: Body | Sequence[tuple[datetime, Body]],
        *,
        tags: Tags = NO_TAGS,
        billed_as: str = "",
        **options: Any,
    ) -> Resource:
        """Record something and make it a billed resource; few are called otherwise in the bill than in their API."""
        key = self.record(kind, record_id, account, region, body, tags=tags, **options)
        return self.resource(billed_as or record_id, account, region, owner, key=key, tags=tags)

    def bill(
        self,
        resource: Resource,
        meter: Meter,
        quantity: Decimal | int,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        clues: tuple[Clue, ...] = (),
        shares: Sequence[Share] = (),
        **options: Any,
    ) -> None:
        """Charge the use of a resource, cut where what the bill shows of its tags changes.

        The clues are about the resource's own owner; what several owners share has clues for each of them.
        """
        start, end = self.window.clip(start or self.window.start, end or self.window.end)
        if end <= start:
            return
        parts = [with_name(resource, share) for share in shares or [Share(resource.owner, 1, clues)]]
        kind = SHARED if len(parts) > 1 else DIRECT
        if not any(part.owner.is_ml for part in parts):
            kind = NON_ML
        cuts = [start, *(cut for cut in self.tagger.changes(resource.tags) if start < cut < end), end]
        for begin, finish in pairwise(cuts):
            seen = parts if len(parts) > 1 else [with_tags(self.tagger, resource, parts[0], begin)]
            self._charge(resource, meter, quantity, begin, finish, shares=tuple(seen), kind=kind, **options)

    def pool(self, resource: Resource, meter: Meter, quantity: Decimal | int, *, scope: Scope, stage: str) -> None:
        """Charge what names no owner: it is divided over the direct costs of its scope."""
        owner, (start, end) = Owner(stage=stage), (self.window.start, self.window.end)
        self._charge(resource, meter, quantity, start, end, shares=(), kind=POOL, scope=scope, pool_owner=owner)

    def _charge(
        self,
        resource: Resource,
        meter: Meter,
        quantity: Decimal | int,
        start: datetime,
        end: datetime,
        **options: Any,
    ) -> None:
        self.ledger.add(
            Line(
                meter=meter.in_region(resource.region),
                account_id=resource.account.id,
                region=resource.region,
                resource_id=resource.id,
                start=start,
                end=end,
                quantity=Decimal(quantity),
                tags=self.tagger.bill(resource.tags, start),
                **options,
            )
        )
