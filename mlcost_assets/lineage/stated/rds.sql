-- Aurora: the bill names a cluster's instances, and its storage by an id of its own; everybody else names the cluster.
SELECT service_arn('rds', region, account_id, part) AS id, region, account_id, valid_from, valid_to, source,
    'part_of_cluster' AS relation, cluster AS target, NULL AS detail
FROM (
    SELECT resource_key AS cluster, region, account_id, valid_from, valid_to, source,
        unnest(
            list_append(
                list_transform(body ->> '$.DBClusterMembers[*].DBInstanceIdentifier', lambda one: 'db:' || one),
                'cluster:' || (body ->> '$.DbClusterResourceId')
            )
        ) AS part
    FROM resource_history
    WHERE kind = 'rds:DescribeDBClusters'
)
