"""Amazon Kendra: indexes."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "kendra:DescribeIndex", "ListIndices", "IndexConfigurationSummaryItems[]",
        "arn:{partition}:kendra:{region}:{account}:index/{Id}", describe={"Id": "Id"},
    ),
]  # fmt: skip
