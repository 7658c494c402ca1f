"""AWS Cost Explorer: which tags are activated for cost allocation. Only the payer is told."""

from collections.abc import Iterator

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Look
from mlcost_assets.collect.services.organizations import only_for_the_payer


def _cost_allocation_tags(look: Look) -> Iterator[Found]:
    only_for_the_payer(look)
    for page in look.pages("ce:ListCostAllocationTags", {"MaxResults": 1000}):
        for tag in page["CostAllocationTags"]:
            yield Found(f"{look.place.account_id}/cost-allocation-tag/{tag['Type']}/{tag['TagKey']}", tag, None)


COLLECTIONS = [
    Gathering(
        "ce:ListCostAllocationTags",
        _cost_allocation_tags,
        calls=("organizations:DescribeOrganization", "ce:ListCostAllocationTags"),
        once=True,
    ),
]
