-- A cluster of Kubernetes without a pod of anybody's work: daemons and kube-system are the cluster's own.
WITH pod AS (
    SELECT regexp_replace(resource_key, '/Pod/[^/]*$', '') AS cluster_key, first_seen_at, last_seen_at,
        (body ->> '$.metadata.namespace') IS DISTINCT FROM 'kube-system'
            AND NOT list_contains(body ->> '$.metadata.ownerReferences[*].kind', 'DaemonSet')
            AND NOT coalesce(pod_is_over(body), false) AS is_work
    FROM resource_history
    WHERE kind = 'k8s:Pod'
    UNION ALL
    SELECT scope, started_at, started_at, false
    FROM metadata_looks
    WHERE kind = 'k8s:Pod' AND complete AND NOT incremental
),

seen AS (
    SELECT cluster_key, min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at,
        max(last_seen_at) FILTER (is_work) AS last_used_at
    FROM pod
    GROUP BY cluster_key
)

SELECT 'cluster' AS kind, 'unused' AS degree, cluster.resource_key, cluster.account_id, cluster.region,
    coalesce(seen.last_used_at, seen.first_seen_at) AS since, seen.last_used_at,
    format(
        'No pod but those of daemons and kube-system was seen at any look from {} to {}.',
        CAST(coalesce(seen.last_used_at, seen.first_seen_at) AS DATE), CAST(seen.last_seen_at AS DATE)
    ) AS evidence,
    cluster.source, 0.8 AS confidence,
    aws_command('eks delete-cluster', cluster.region, json_object('name', body ->> '$.name')) AS how_to_stop
FROM idle_standing AS cluster
JOIN seen ON seen.cluster_key = cluster.resource_key
WHERE cluster.kind = 'eks:DescribeCluster' AND seen.last_seen_at >= cluster.looked_at - INTERVAL 7 DAY
    AND date_sub('day', coalesce(seen.last_used_at, seen.first_seen_at), seen.last_seen_at) >= $cluster_days
