"""Amazon MSK: clusters of Kafka, each with the addresses of its brokers."""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _with_brokers(look: Look, cluster: Any) -> Body:
    """The cluster, with BootstrapBrokers: the addresses by the way in which a client signs in."""
    told = look.call("kafka:GetBootstrapBrokers", ClusterArn=cluster["ClusterArn"])
    brokers = {way: addresses for way, addresses in told.items() if way != "ResponseMetadata"}
    return {"ClusterInfo": cluster, "BootstrapBrokers": brokers}


COLLECTIONS = [
    Listing(
        "kafka:DescribeClusterV2", "ListClustersV2", "ClusterInfoList[]", "{ClusterInfo[ClusterArn]}",
        describe=_with_brokers, tags="ClusterInfo.Tags", calls=("kafka:GetBootstrapBrokers",),
    ),
]  # fmt: skip
