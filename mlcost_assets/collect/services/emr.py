"""Amazon EMR: clusters; those of the last two months stay listed after their end."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "emr:DescribeCluster", "ListClusters", "Clusters[]", "{Cluster[ClusterArn]}",
        describe={"ClusterId": "Id"}, tags="Cluster.Tags", page=50, limit="",
    ),
]  # fmt: skip
