-- A node with accelerators of Kubernetes on which no pod asked for one at any look. Only where pods of the very node
-- (those of its daemons) were seen, so that its pods are known to be collected.
WITH node AS (
    SELECT node.*, edge.to_id AS instance_id
    FROM idle_standing AS node
    JOIN lineage_edges AS edge ON edge.from_id = node.resource_key AND edge.relation = 'is_instance'
    WHERE node.kind = 'k8s:Node'
        AND names_accelerator(coalesce(body -> '$.status.allocatable', body -> '$.status.capacity'))
),

-- Whatever in a pod names an accelerator counts as asking for one.
pod AS (
    SELECT edge.to_id AS node_key, min(history.first_seen_at) AS first_seen_at,
        max(history.last_seen_at) AS last_seen_at,
        max(history.last_seen_at) FILTER (
            names_accelerator(json_extract(body, '$.spec.containers[*].resources'))
            OR names_accelerator(json_extract(body, '$.spec.initContainers[*].resources'))
            OR coalesce(names_accelerator(body -> '$.spec.resources'), false)
            OR len(json_extract(body, '$.spec.resourceClaims[*]')) > 0
            OR coalesce(body ->> '$.metadata.annotations.gpu-fraction', '') <> ''
        ) AS last_used_at
    FROM resource_history AS history
    JOIN lineage_edges AS edge ON edge.from_id = history.resource_key AND edge.relation = 'runs_on_node'
    WHERE history.kind = 'k8s:Pod'
    GROUP BY edge.to_id
)

SELECT 'GPU node' AS kind, 'unused' AS degree, node.instance_id AS resource_key, node.account_id, node.region,
    coalesce(pod.last_used_at, pod.first_seen_at) AS since, pod.last_used_at,
    format(
        'No pod that asks for an accelerator was seen on it at any look from {} to {}.',
        CAST(coalesce(pod.last_used_at, pod.first_seen_at) AS DATE), CAST(node.looked_at AS DATE)
    ) AS evidence,
    node.source, 0.7 AS confidence,
    aws_command(
        'ec2 terminate-instances', node.region, json_object('InstanceIds', json_array(node.instance_id))
    ) AS how_to_stop
FROM node
JOIN pod ON pod.node_key = node.resource_key
WHERE pod.last_seen_at >= node.looked_at - INTERVAL 1 DAY
    AND date_sub('day', coalesce(pod.last_used_at, pod.first_seen_at), node.looked_at) >= $node_days
