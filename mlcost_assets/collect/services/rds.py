"""Amazon Aurora: clusters of databases, as knowledge bases keep vectors in them."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "rds:DescribeDBClusters", "DescribeDBClusters", "DBClusters[]", "{DBClusterArn}",
        tags="TagList", limit="MaxRecords",
    ),
]  # fmt: skip
