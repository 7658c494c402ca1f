"""Who there is: accounts, teams with their habits, models with their way of serving."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from mlcost_assets.demo import words
from mlcost_assets.demo.chance import Chance, stream
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.naming import SHORT_ENVIRONMENTS, Habit

DEFAULT_SEED = 7
US = "us-east-1"
EUROPE = "eu-west-1"

# Each way of serving that the world knows; a model gets one of them for production. Endpoints that
# several models share come on top of these.
SERVING = (
    "realtime",
    "kubernetes",
    "batch",
    "variants",
    "serverless",
    "async",
    "moved",
    "legacy",
    "forgotten",
    "reused",
    "instances",
    "kubernetes",
    "realtime",
    "realtime",
    "kubernetes",
    "batch",
)
KEYS = {
    "model": ("model", "Model", "model_name", "ml-model", "ModelName", "ml:model"),
    "project": ("project", "Project", "proj", "app", "application", "service"),
    "team": ("team", "Team", "owner", "squad", "Owner", "team-name"),
    "environment": ("environment", "env", "Env", "stage", "Environment", "deployment_env"),
}
DIMENSIONS = tuple(KEYS)


@dataclass(frozen=True)
class Account:
    """An AWS account and what it is for."""

    id: str
    name: str
    role: str
    environment: str | None
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Team:
    """A team, its people and its habits."""

    name: str
    business_function: str
    projects: tuple[str, ...]
    members: tuple[str, ...]
    habit: Habit
    namespace: str
    deploys_by_ci: bool
    uses_mlflow: bool
    named_roles: bool
    former_name: str | None


@dataclass(frozen=True)
class Model:
    """A model, what it belongs to and how it is served."""

    name: str
    team: Team
    project: str
    serving: str
    region: str
    cadence: str
    instance: str
    size: int
    anchors: frozenset[str]

    @property
    def business_function(self) -> str:
        """The business function is the team's."""
        return self.team.business_function


@dataclass(frozen=True)
class Organisation:
    """Everything about an organisation that does not change within the window."""

    company: str
    payer: Account
    accounts: tuple[Account, ...]
    teams: tuple[Team, ...]
    platform: Team
    models: tuple[Model, ...]
    web_teams: tuple[str, ...]
    active_keys: dict[str, datetime] = field(default_factory=dict)
    system_keys: frozenset[str] = frozenset()
    discount_percent: int = 0
    tax_percent: int = 0
    account_tags_in_bill: bool = True
    shows_split_cost: bool = False

    def account(self, role: str) -> Account:
        """Find the account of a role, or the one that stands in for it."""
        by_role = {account.role: account for account in self.accounts}
        for candidate in (role, *_STAND_INS.get(role, ())):
            if candidate in by_role:
                return by_role[candidate]
        raise LookupError(role)

    def ml_account(self, environment: str) -> Account:
        """Find the account in which ML workloads of an environment run."""
        return self.account(f"ml-{environment}")

    def served(self, *serving: str) -> list[Model]:
        """List the models that are served in one of these ways."""
        return [model for model in self.models if model.serving in serving]


_STAND_INS = {
    "ml-prod": ("ml",),
    "ml-staging": ("ml-nonprod", "ml-dev", "ml"),
    "ml-dev": ("ml-nonprod", "ml"),
    "data": ("ml-prod", "ml"),
    "sandbox": ("ml-dev", "ml-nonprod", "ml"),
}

# role, name, environment that the name tells
_LAYOUTS = (
    (
        ("ml-prod", "ml-prod", "prod"),
        ("ml-dev", "ml-dev", "dev"),
        ("data", "data-platform", None),
        ("sandbox", "sandbox", "dev"),
        ("web", "web", None),
    ),
    (("ml", "machine-learning", None), ("data", "data", None), ("web", "digital", None)),
    (
        ("ml-prod", "ml-production", "prod"),
        ("ml-nonprod", "ml-nonprod", None),
        ("sandbox", "research-sandbox", "dev"),
        ("web", "shop", None),
    ),
    (
        ("ml-prod", "ai-prd", "prod"),
        ("ml-staging", "ai-stg", "staging"),
        ("ml-dev", "ai-dev", "dev"),
        ("web", "apps", None),
    ),
)


def _accounts(chance: Chance, seed: int, company: str) -> tuple[Account, tuple[Account, ...]]:
    layout = _LAYOUTS[0] if seed == DEFAULT_SEED else chance.one(_LAYOUTS)
    accounts = []
    for role, name, environment in layout:
        tags: list[tuple[str, str]] = []
        if chance.maybe(0.6):
            value = environment or ("prod" if role in ("web", "data") else None)
            if value:
                tags.append((chance.one(("environment", "env")), chance.one(SHORT_ENVIRONMENTS[value])))
        accounts.append(Account(chance.digits(12), f"{company}-{name}", role, environment, tuple(tags)))
    return Account(chance.digits(12), f"{company}-management", "payer", None), tuple(accounts)


def _habit(chance: Chance, seed: int, company: str, separate_accounts: bool) -> Habit:
    tidy = seed == DEFAULT_SEED
    environment = chance.one(("suffix", "suffix", "prefix", "none" if separate_accounts else "suffix"))
    return Habit(
        style=chance.one(("kebab", "kebab", "snake", "pascal")),
        abbreviates=not tidy and chance.maybe(0.15),
        environment=environment,
        environment_words=chance.randrange(4),
        prefix=company if chance.maybe(0.2) else "",
        keys=tuple((dimension, chance.one(options)) for dimension, options in KEYS.items()),
        tag_style=chance.one(("kebab", "kebab", "snake", "pascal", "title", "camel")),
    )


def _people(chance: Chance, count: int, taken: set[str]) -> tuple[str, ...]:
    people: list[str] = []
    while len(people) < count:
        person = f"{chance.one(words.FIRST_NAMES)}-{chance.one(words.LAST_NAMES)}"
        if person not in taken:
            taken.add(person)
            people.append(person)
    return tuple(people)


def _team_names(chance: Chance, seed: int) -> list[str]:
    if seed == DEFAULT_SEED:
        return list(words.DEFAULT_TEAMS)
    names = chance.some(words.TEAMS, chance.randrange(3, 7))
    if chance.maybe(0.3):
        names[0] = f"team-{chance.one(words.CODENAMES)}"
    return [*names, chance.one(("ml-platform", "mlops", "ai-infrastructure", "data-science-platform"))]


def _teams(chance: Chance, seed: int, company: str, separate_accounts: bool) -> list[Team]:
    taken: set[str] = set()
    projects = chance.some(words.PROJECT_WORDS, len(words.PROJECT_WORDS))
    functions = chance.some(words.BUSINESS_FUNCTIONS, len(words.BUSINESS_FUNCTIONS))
    teams = []
    for name in _team_names(chance, seed):
        own = (f"{projects.pop()}-{chance.one(('core', 'next', 'ai'))}", projects.pop())
        if seed == DEFAULT_SEED:
            own = words.DEFAULT_PROJECTS.get(name, own)
        teams.append(
            Team(
                name=name,
                business_function=words.DEFAULT_FUNCTIONS[name] if seed == DEFAULT_SEED else functions.pop(),
                projects=own,
                members=_people(chance, chance.randrange(2, 5), taken),
                habit=_habit(chance, seed, company, separate_accounts),
                namespace=chance.one((name, f"{name}-ml", f"ml-{name}")),
                deploys_by_ci=chance.maybe(0.6),
                uses_mlflow=chance.maybe(0.6),
                named_roles=chance.maybe(0.6),
                former_name=f"{chance.one(words.CODENAMES)}-squad" if chance.maybe(0.2) else None,
            )
        )
    return teams


def _model_names(chance: Chance, seed: int, teams: list[Team]) -> list[tuple[str, Team]]:
    if seed == DEFAULT_SEED:
        by_name = {team.name: team for team in teams}
        return [(model, by_name[team]) for team, models in words.DEFAULT_MODELS.items() for model in models]
    subjects = chance.some(words.SUBJECTS, len(words.SUBJECTS))
    names = [f"{subjects.pop()}-{chance.one(words.TASKS)}" for _ in range(chance.randrange(9, 15))]
    owners = [teams[index % (len(teams) - 1)] for index in range(len(names))]
    named = list(zip(names, owners, strict=True))
    # Siblings: names that look like spellings of one model, and are two.
    kind = chance.one(("regions", "versions", "none"))
    name, team = named[-1]
    if kind == "regions":
        named[-1:] = [(f"{name}-us", team), (f"{name}-eu", team)]
    elif kind == "versions":
        named.append((f"{name}-v2", team))
    return named


# Where a model's team is written down outside of tags.
_ANCHORS = ("deployment", "mlflow", "package")
_CPU = ("m5.xlarge", "c5.2xlarge", "m5.4xlarge", "c5.9xlarge", "r5.4xlarge")
_GPU = ("g4dn.xlarge", "g5.xlarge", "g5.2xlarge", "g6.xlarge", "g5.12xlarge", "g6e.xlarge", "inf2.xlarge")


def _models(chance: Chance, seed: int, teams: list[Team]) -> tuple[Model, ...]:
    named = _model_names(chance, seed, teams)
    styles = list(SERVING[: len(named)])
    if seed != DEFAULT_SEED:
        chance.shuffle(styles)
    models = []
    for index, ((name, team), style) in enumerate(zip(named, styles, strict=True)):
        anchors = set(chance.some(_ANCHORS, chance.randrange(1, 3)))
        if index < 3:
            anchors.add("rules")
        elif seed != DEFAULT_SEED and chance.maybe(0.07):
            anchors = set()
        on_gpu = style in ("kubernetes", "async", "legacy", "instances") or chance.maybe(0.4)
        models.append(
            Model(
                name=name,
                team=team,
                project=chance.one(team.projects),
                serving=style,
                region=EUROPE if chance.maybe(0.15) else US,
                cadence=chance.one(("daily", "weekly", "weekly", "twice a week")),
                instance=chance.one(_GPU if on_gpu else _CPU),
                size=chance.randrange(1, 5),
                anchors=frozenset(anchors),
            )
        )
    return tuple(models)


def _activation(chance: Chance, teams: list[Team], window: Window) -> dict[str, datetime]:
    """Activate the tag keys of the organisation for billing: not all of them, and one of them late."""
    keys = sorted({key for team in teams for _, key in team.habit.keys})
    late, never = chance.some(keys, 2)
    active = {key: window.start for key in [*keys, "team", "environment"] if key != never}
    active[late] = window.at(0.4)
    return active


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
)


def organise(seed: int, window: Window) -> Organisation:
    """Make the organisation of a seed."""
    chance = stream(seed, "organisation")
    company = words.DEFAULT_COMPANY if seed == DEFAULT_SEED else chance.one(words.COMPANIES)
    payer, accounts = _accounts(chance, seed, company)
    separate = any(account.role == "ml-prod" for account in accounts)
    teams = _teams(stream(seed, "teams"), seed, company, separate)
    chance = stream(seed, "money")
    return Organisation(
        company=company,
        payer=payer,
        accounts=accounts,
        teams=tuple(teams),
        platform=teams[-1],
        models=_models(stream(seed, "models"), seed, teams),
        web_teams=tuple(chance.some(words.WEB_TEAMS, 3)),
        active_keys=_activation(stream(seed, "activation"), teams, window),
        system_keys=frozenset(key for key in _SYSTEM_KEYS if chance.maybe(0.5)),
        discount_percent=chance.one((0, 0, 6, 9, 12)),
        tax_percent=chance.one((0, 0, 3, 6)),
        account_tags_in_bill=chance.maybe(0.6),
        # Whether split-cost rows carry a cost of their own is told differently; both kinds exist here, and neither
        # may count in a total.
        shows_split_cost=seed != DEFAULT_SEED and chance.maybe(0.3),
    )


def without_account_tags(organisation: Organisation) -> Organisation:
    """Delete the tags of the accounts, as for a bill without any user tag."""
    accounts = tuple(replace(account, tags=()) for account in organisation.accounts)
    return replace(organisation, accounts=accounts)
