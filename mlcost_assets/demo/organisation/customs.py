"""What is decided once for a whole organisation, and what each team is left to do in its own way."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation import words

# The required tags, and the keys under which people write them.
TAG_KEYS = {
    "model": ("model", "Model", "model_name", "ml-model", "ModelName", "ml:model"),
    "project": ("project", "Project", "proj", "app", "application", "service"),
    "team": ("team", "Team", "owner", "squad", "Owner", "team-name"),
    "environment": ("environment", "env", "Env", "stage", "Environment", "deployment_env"),
}
REQUIRED_TAGS = tuple(TAG_KEYS)

# Spellings of keys that whole organisations agree on.
_STANDARDS = (
    {"model": "model", "project": "project", "team": "team", "environment": "environment"},
    {"model": "Model", "project": "Application", "team": "Owner", "environment": "Environment"},
    {"model": "ml-model-name", "project": "product", "team": "owning-team", "environment": "env"},
    {"model": "MODEL_NAME", "project": "PROJECT", "team": "TEAM", "environment": "ENV"},
    {"model": "ModelName", "project": "Use Case", "team": "Squad", "environment": "Stage"},
)
_CI = ("github", "github", "gitlab", "codebuild", "argo", "jenkins")


@dataclass(frozen=True)
class Customs:
    """The customs of an organisation."""

    # The keys of the required tags, where there is a standard for them.
    standard_keys: tuple[tuple[str, str], ...]
    teams_have_accounts: bool
    # A company that was bought and still has a bill of its own.
    bought_company: str
    keeps_registry: bool
    ci: str
    # Whether the enterprise discount is shown in rows of its own rather than in net columns.
    discount_in_rows: bool


def choose_customs(chance: Chance, company: str, *, tidy: bool) -> Customs:
    """Choose the customs of an organisation."""
    if tidy:
        return Customs(
            (), teams_have_accounts=False, bought_company="", keeps_registry=True, ci="github", discount_in_rows=False
        )
    standard = tuple(chance.one(_STANDARDS).items())
    if chance.maybe(0.3):
        standard = tuple((dimension, f"{company}:{dimension}") for dimension in REQUIRED_TAGS)
    other = chance.one([name for name in words.COMPANIES if name != company])
    return Customs(
        standard_keys=standard if chance.maybe(0.5) else (),
        teams_have_accounts=chance.maybe(0.4),
        bought_company=other if chance.maybe(0.3) else "",
        keeps_registry=chance.maybe(0.7),
        ci=chance.one(_CI),
        discount_in_rows=chance.maybe(0.4),
    )
