"""Amazon EKS: clusters. What runs in them is asked of their own API, in kubernetes.py."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "eks:DescribeCluster", "ListClusters", "clusters[]", "{cluster[arn]}",
        describe={"name": "@"}, tags="cluster.tags", limit="maxResults",
    ),
]  # fmt: skip
