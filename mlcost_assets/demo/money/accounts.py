"""The accounts as their management account sees them, and their tags in the bill."""

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.naming import ENVIRONMENT_WORDS
from mlcost_assets.demo.truth.clues import account_environment, account_team
from mlcost_assets.demo.world.tagging import Tags
from mlcost_assets.demo.world.world import World


def tag_accounts(world: World) -> None:
    """Record the accounts, and show their tags on every charge of them where they are activated."""
    for account in (*world.organisation.payers, *world.organisation.accounts):
        _learn(world, account, _record(world, account))
    _list_activated_keys(world)
    if world.organisation.account_tags_in_bill:
        shown = {
            account.id: {f"accountTag/{name}": value for name, value in account.tags}
            for account in world.organisation.accounts
        }
        for line in world.ledger.lines:
            line.account_tags = {**line.account_tags, **shown.get(line.account_id, {})}


def _record(world: World, account: Account) -> str:
    payer = next(payer for payer in world.organisation.payers if payer.id == account.payer_id)
    purpose = ("org",) if payer == world.organisation.payer else ("org", payer.id)
    organization = f"o-{world.chance(*purpose).code(10)}"
    body = {
        "Account": {
            "Id": account.id,
            "Arn": f"arn:aws:organizations::{payer.id}:account/{organization}/{account.id}",
            "Email": f"aws+{account.name}@{world.organisation.company}.example",
            "Name": account.name,
            "Status": "ACTIVE",
            "JoinedMethod": "CREATED",
            "JoinedTimestamp": iso(world.before(900)),
        }
    }
    tags, kind = Tags(plain=dict(account.tags)), "organizations:DescribeAccount"
    return world.record(kind, account.id, payer, "", body, created=world.before(900), tags=tags)


def _list_activated_keys(world: World) -> None:
    """Record what Cost Explorer tells the payer: which keys are activated, and since when."""
    payer, active = world.organisation.payer, world.organisation.active_keys
    for key in sorted({*active, *(key for team in world.organisation.teams for _, key in team.habit.keys)}):
        tag = {"TagKey": key, "Type": "UserDefined", "Status": "Inactive", "LastUpdatedDate": iso(world.before(400))}
        versions = [(world.before(400), tag)]
        if key in active:
            versions.append((active[key], tag | {"Status": "Active", "LastUpdatedDate": iso(active[key])}))
        tag_id = f"{payer.id}/cost-allocation-tag/UserDefined/{key}"
        world.record("ce:ListCostAllocationTags", tag_id, payer, "", versions, tags=None)


def _learn(world: World, account: Account, key: str) -> None:
    """Note what the tags of an account teach."""
    needs = () if world.organisation.account_tags_in_bill else (key,)
    for name, value in account.tags:
        if name == "team":
            world.facts.add(account_team(account.id, value), needs)
        for environment, spelled in ENVIRONMENT_WORDS.items():
            if value in spelled:
                world.facts.add(account_environment(account.id, environment), needs)
