"""AWS Organizations: the accounts and their tags, from the management account."""

from collections.abc import Iterator

from mlcost_assets.collect.listing import Found, Gathering, NotHereError
from mlcost_assets.collect.look import Look, tag_map


def only_for_the_payer(look: Look) -> None:
    """Raises NotHereError in an account whose bill another one pays: what follows is known there only."""
    try:
        organization = look.call("organizations:DescribeOrganization")["Organization"]
    except look.client("organizations").exceptions.AWSOrganizationsNotInUseException:
        return
    if organization["MasterAccountId"] != look.place.account_id:
        raise NotHereError


def _accounts(look: Look) -> Iterator[Found]:
    only_for_the_payer(look)
    try:
        for page in look.pages("organizations:ListAccounts"):
            for account in page["Accounts"]:
                told = look.pages("organizations:ListTagsForResource", {"ResourceId": account["Id"]})
                tags = tag_map([tag for page in told for tag in page["Tags"]])
                yield Found(account["Id"], {"Account": account}, tags)
    except look.client("organizations").exceptions.AWSOrganizationsNotInUseException:
        return


COLLECTIONS = [
    Gathering(
        "organizations:DescribeAccount",
        _accounts,
        calls=(
            "organizations:DescribeOrganization",
            "organizations:ListAccounts",
            "organizations:ListTagsForResource",
        ),
        once=True,
    ),
]
