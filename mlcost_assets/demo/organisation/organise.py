"""The organisation as a whole: who there is, which tag keys are activated, on which terms AWS bills it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from mlcost_assets.demo.chance import Chance, stream
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.organisation import words
from mlcost_assets.demo.organisation.accounts import STAND_INS, Account, buy_company, give_teams_accounts, open_accounts
from mlcost_assets.demo.organisation.customs import choose_customs
from mlcost_assets.demo.organisation.models import Model, start_models
from mlcost_assets.demo.organisation.regions import choose_regions
from mlcost_assets.demo.organisation.teams import Team, form_teams


@dataclass(frozen=True)
class Organisation:
    """Everything about an organisation that does not change within the window."""

    company: str
    payers: tuple[Account, ...]
    accounts: tuple[Account, ...]
    teams: tuple[Team, ...]
    platform: Team
    models: tuple[Model, ...]
    home: str
    second: str
    web_teams: tuple[str, ...]
    active_keys: dict[str, datetime] = field(default_factory=dict)
    system_keys: frozenset[str] = frozenset()
    discount_percent: int = 0
    discount_in_rows: bool = False
    tax_percent: int = 0
    account_tags_in_bill: bool = True
    shows_split_cost: bool = False
    keeps_registry: bool = True
    ci: str = "github"

    @property
    def payer(self) -> Account:
        """The account that pays for most, and has the savings plans."""
        return self.payers[0]

    def payer_of(self, account_id: str) -> str:
        """Tell which account pays for an account."""
        return next(account.payer_id for account in (*self.payers, *self.accounts) if account.id == account_id)

    def account(self, role: str) -> Account:
        """Find the account of a role, or the one that stands in for it."""
        by_role = {account.role: account for account in self.accounts}
        for candidate in (role, *STAND_INS.get(role, ())):
            if candidate in by_role:
                return by_role[candidate]
        raise LookupError(role)

    def ml_account(self, environment: str) -> Account:
        """Find the account in which ML workloads of an environment run."""
        return self.account(f"ml-{environment}")

    def account_of(self, team: Team, environment: str) -> Account:
        """Find the account in which a team's workloads of an environment run: its own, where teams have any."""
        own = [account for account in self.accounts if environment == "prod" and account.team == team.name]
        return own[0] if own else self.ml_account(environment)

    def served(self, serving: str) -> list[Model]:
        """List the models that are served in this way."""
        return [model for model in self.models if model.serving == serving]

    def alive(self) -> list[Model]:
        """List the models on which somebody still works."""
        return [model for model in self.models if model.is_alive]


_SYSTEM_KEYS = (
    "sagemaker:pipeline-execution-arn",
    "sagemaker:pipeline-step-name",
    "sagemaker:user-profile-arn",
    "sagemaker:domain-arn",
    "sagemaker:space-arn",
    "eks:cluster-name",
    "eks:nodegroup-name",
    "aws:eks:cluster-name",
    "karpenter.sh/nodepool",
    "aws:cloudformation:stack-name",
    "aws:autoscaling:groupName",
    "aws:elasticmapreduce:job-flow-id",
    "kubernetes.io/created-for/pvc/name",
    "kubernetes.io/created-for/pvc/namespace",
    "elbv2.k8s.aws/cluster",
    "sagemaker:project-name",
    "aws:createdBy",
)


def organise(seed: int, window: Window) -> Organisation:
    """Make the organisation of a seed; the default one is tidier than others."""
    tidy = seed == words.DEFAULT_SEED
    chance = stream(seed, "organisation")
    company = words.DEFAULT_COMPANY if tidy else chance.one(words.COMPANIES)
    payer, accounts = open_accounts(chance, company, tidy=tidy)
    customs = choose_customs(stream(seed, "customs"), company, tidy=tidy)
    separate = any(account.role == "ml-prod" for account in accounts)
    teams = form_teams(stream(seed, "teams"), company, customs, tidy=tidy, separate_accounts=separate)
    if separate and customs.teams_have_accounts:
        names = [team.name for team in teams[:-1]]
        accounts += give_teams_accounts(stream(seed, "accounts of teams"), company, payer, names)
    payers: tuple[Account, ...] = (payer,)
    if customs.bought_company:
        other, accounts = buy_company(stream(seed, "bought company"), customs.bought_company, accounts)
        payers += (other,) if other else ()
    regions = choose_regions(stream(seed, "regions"), tidy=tidy)
    chance = stream(seed, "money")
    return Organisation(
        company=company,
        payers=payers,
        accounts=accounts,
        teams=tuple(teams),
        platform=teams[-1],
        models=start_models(stream(seed, "models"), teams, regions, customs, tidy=tidy),
        home=regions[0],
        second=regions[1],
        web_teams=tuple(chance.some(words.WEB_TEAMS, 3)),
        active_keys=_activation(stream(seed, "activation"), teams, window),
        system_keys=frozenset(key for key in _SYSTEM_KEYS if chance.maybe(0.5)),
        discount_percent=chance.one((0, 0, 6, 9, 12)),
        tax_percent=chance.one((0, 0, 3, 6)),
        account_tags_in_bill=chance.maybe(0.6),
        # Whether split-cost rows carry a cost of their own is told differently; both kinds exist here, and neither
        # may count in a total.
        shows_split_cost=not tidy and chance.maybe(0.3),
        discount_in_rows=customs.discount_in_rows,
        keeps_registry=customs.keeps_registry,
        ci=customs.ci,
    )


def _activation(chance: Chance, teams: list[Team], window: Window) -> dict[str, datetime]:
    """Activate the tag keys of the organisation for billing: not all of them, and one of them late."""
    keys = sorted({key for team in teams for _, key in team.habit.keys})
    late, never = chance.some(keys, 2)
    active = {key: window.start for key in [*keys, "team", "environment"] if key != never}
    active[late] = window.at(0.4)
    return active


def without_account_tags(organisation: Organisation) -> Organisation:
    """Delete the tags of the accounts, as for a bill without any user tag."""
    accounts = tuple(replace(account, tags=()) for account in organisation.accounts)
    return replace(organisation, accounts=accounts)
