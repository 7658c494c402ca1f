"""The AWS accounts of an organisation, what each is for, and the regions it uses."""

from dataclasses import dataclass

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation.naming import SHORT_ENVIRONMENTS
from mlcost_assets.demo.organisation.words import DEFAULT_SEED

US = "us-east-1"
EUROPE = "eu-west-1"


@dataclass(frozen=True)
class Account:
    """An AWS account and what it is for."""

    id: str
    name: str
    role: str
    environment: str | None
    tags: tuple[tuple[str, str], ...] = ()


# Which account takes over a role that has none of its own.
STAND_INS = {
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


def open_accounts(chance: Chance, seed: int, company: str) -> tuple[Account, tuple[Account, ...]]:
    """Open the account that pays, and the accounts in which people work."""
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
