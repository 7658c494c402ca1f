"""Amazon CloudWatch Logs: log groups and how much they store."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "logs:DescribeLogGroups", "DescribeLogGroups", "logGroups[]",
        "arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}", page=50, limit="limit",
    ),
]  # fmt: skip
