"""AWS HealthOmics: runs of workflows, of one's own and of those that AWS has ready."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "omics:GetRun", "ListRuns", "items[]", "{arn}", describe={"id": "id"}, tags="tags", limit="maxResults",
    ),
]  # fmt: skip
