-- A Kubernetes node: by what its pods request × the time they ran on it that day, weighed as AWS weighs split cost
-- (9 an accelerator, 0.9 a vCPU, 0.1 a GiB); idle time goes along (CONTRACT §6.1). DaemonSets and system pods weigh nothing
-- where others ran.
WITH pod AS (
    SELECT resource_key, account_id, name, valid_from, last_seen_at, source, body,
        coalesce(valid_to, CASE WHEN last_seen_at < max(last_seen_at) OVER (PARTITION BY regexp_extract(resource_key, '^(.*)/Pod/', 1)) - INTERVAL 2 DAY THEN last_seen_at END) AS valid_to,
        json_extract_string(body, '$.spec.nodeName') AS node_name,
        json_extract_string(body, '$.metadata.namespace') IN ('kube-system', 'kube-public', 'kube-node-lease', 'karpenter', 'amazon-cloudwatch', 'amazon-guardduty', 'cert-manager', 'gpu-operator', 'istio-system', 'monitoring')
            OR json_extract_string(body, '$.metadata.ownerReferences[0].kind') = 'DaemonSet' AS is_system
    FROM resource_history WHERE kind = 'k8s:Pod'
),

request AS (
    SELECT resource_key, valid_from, sum(
        9 * coalesce(TRY_CAST(coalesce(request ->> '$."nvidia.com/gpu"', request ->> '$."aws.amazon.com/neuron"', request ->> '$."amd.com/gpu"') AS DOUBLE), 0)
        + 0.9 * coalesce(cores(request ->> '$.cpu'), 0) + 0.1 * coalesce(gibibytes(request ->> '$.memory'), 0)) AS weight
    FROM (SELECT resource_key, valid_from, unnest(json_extract(body, '$.spec.containers[*].resources.requests')) AS request FROM pod)
    GROUP BY ALL
),

-- The node's instance by its record, else by the host name.
instance AS (
    SELECT DISTINCT edge.from_id AS pod, instance.to_id AS instance
    FROM lineage_edges AS edge JOIN (SELECT from_id, to_id FROM lineage_edges WHERE relation = 'is_instance') AS instance ON instance.from_id = edge.to_id
    WHERE edge.relation = 'runs_on_node'
    UNION
    SELECT pod.resource_key, machine.resource_key
    FROM pod JOIN resource_history AS machine ON machine.kind = 'ec2:DescribeInstances' AND machine.name = pod.node_name AND machine.account_id = pod.account_id
        AND machine.valid_from <= pod.valid_from + INTERVAL 1 HOUR AND coalesce(machine.ended_at, always_to()) >= pod.valid_from
    WHERE pod.resource_key NOT IN (SELECT from_id FROM lineage_edges WHERE relation = 'runs_on_node')
),

billed_day AS (
    SELECT DISTINCT resource_id AS instance, CAST(charge_date AS TIMESTAMP) AS day FROM daily_charges WHERE starts_with(resource_id, 'i-')
),

stay AS (
    SELECT instance.instance, billed_day.day, pod.resource_key, pod.is_system, pod.source,
        epoch(least(coalesce(pod.valid_to, always_to()), day + INTERVAL 1 DAY)) - epoch(greatest(pod.valid_from, day)) AS seconds,
        greatest(coalesce(request.weight, 0), 0.01) AS requested
    FROM pod
    JOIN instance ON instance.pod = pod.resource_key
    JOIN billed_day ON billed_day.instance = instance.instance AND day < coalesce(pod.valid_to, always_to()) AND day + INTERVAL 1 DAY > pod.valid_from
    LEFT JOIN request ON request.resource_key = pod.resource_key AND request.valid_from = pod.valid_from
)

SELECT instance AS resource_key, NULL AS instance_type, resource_key AS consumer_key, sum(seconds * requested) AS weight,
    day AS valid_from, day + INTERVAL 1 DAY AS valid_to,
    2 AS rank, 'kubernetes' AS method, 0.93 AS confidence, [min(source)] AS sources, 'requests of the pods × time on the node' AS measure
FROM stay
WHERE seconds > 0
GROUP BY instance, day, resource_key, is_system
QUALIFY NOT is_system OR bool_and(is_system) OVER (PARTITION BY instance, day)
