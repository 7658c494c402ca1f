"""The AWS accounts of an organisation: what each is for, whose it is, and who pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation.naming import SHORT_ENVIRONMENTS


@dataclass(frozen=True)
class Account:
    """An AWS account and what it is for."""

    id: str
    name: str
    role: str
    environment: str | None
    tags: tuple[tuple[str, str], ...] = ()
    # The team whose account it is, where the name says so.
    team: str | None = None
    payer_id: str = ""


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


# Which accounts may have come with a company that was bought, and are still paid for by themselves.
_BOUGHT = (("web",), ("sandbox", "data"), ("ml-dev", "ml-nonprod", "sandbox"))


def open_accounts(chance: Chance, company: str, *, tidy: bool) -> tuple[Account, tuple[Account, ...]]:
    """Open the account that pays, and the accounts in which people work."""
    layout = _LAYOUTS[0] if tidy else chance.one(_LAYOUTS)
    accounts = []
    for role, name, environment in layout:
        tags: list[tuple[str, str]] = []
        if chance.maybe(0.6):
            value = environment or ("prod" if role in ("web", "data") else None)
            if value:
                tags.append((chance.one(("environment", "env")), chance.one(SHORT_ENVIRONMENTS[value])))
        accounts.append(Account(chance.digits(12), f"{company}-{name}", role, environment, tuple(tags)))
    payer = _payer(chance, company)
    return payer, tuple(replace(account, payer_id=payer.id) for account in accounts)


def _payer(chance: Chance, company: str) -> Account:
    payer_id = chance.digits(12)
    return Account(payer_id, f"{company}-management", "payer", None, payer_id=payer_id)


def give_teams_accounts(chance: Chance, company: str, payer: Account, teams: Sequence[str]) -> tuple[Account, ...]:
    """Open an account for the production of each team; its name tells the team, and perhaps the environment."""
    says_environment = chance.maybe(0.5)
    tagged = chance.maybe(0.5)
    return tuple(
        Account(
            chance.digits(12),
            f"{company}-{team}-prod" if says_environment else f"{company}-{team}",
            f"team {team}",
            "prod" if says_environment else None,
            (("team", team), ("env", "prod")) if tagged else (),
            team,
            payer.id,
        )
        for team in teams
    )


def buy_company(
    chance: Chance, company: str, accounts: tuple[Account, ...]
) -> tuple[Account | None, tuple[Account, ...]]:
    """Let some accounts be paid by a management account of their own."""
    roles = chance.one(_BOUGHT)
    if not any(account.role in roles for account in accounts):
        return None, accounts
    payer = _payer(chance, company)
    return payer, tuple(
        replace(account, payer_id=payer.id) if account.role in roles else account for account in accounts
    )
