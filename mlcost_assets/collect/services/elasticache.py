"""Amazon ElastiCache: the clusters that are billed, each with the replication group whose address is used, and caches
without servers."""

from typing import Any

from mlcost_assets.collect.listing import Listing
from mlcost_assets.collect.look import Body, Look


def _with_group(look: Look, cluster: Any) -> Body:
    """The cluster, with ReplicationGroup where it is of one."""
    if not (group := cluster.get("ReplicationGroupId")):
        return dict(cluster)
    answer = look.call("elasticache:DescribeReplicationGroups", ReplicationGroupId=group)
    return {**cluster, "ReplicationGroup": answer["ReplicationGroups"][0]}


COLLECTIONS = [
    Listing(
        "elasticache:DescribeCacheClusters", "DescribeCacheClusters", "CacheClusters[]", "{ARN}",
        describe=_with_group, arguments={"ShowCacheNodeInfo": True}, limit="MaxRecords",
        calls=("elasticache:DescribeReplicationGroups",),
    ),
    Listing("elasticache:DescribeServerlessCaches", "DescribeServerlessCaches", "ServerlessCaches[]", "{ARN}", page=50),
]  # fmt: skip
