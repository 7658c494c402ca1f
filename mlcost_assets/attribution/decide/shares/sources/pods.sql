-- A Kubernetes node: by what its pods request × the time they ran on it that day, weighed as AWS weighs split cost
-- (9 an accelerator, 0.9 a vCPU, 0.1 a GiB); idle time goes along (docs/contract.md#idle-time-of-a-node). DaemonSets
-- and system pods weigh nothing; where only such ran, the node is the cluster's. HyperPod bills the nodes of a
-- cluster as one, of which each is an even part.
--
-- A pod was gone when it had not been seen for two days and others of its node were, or where no node is recorded
-- others of its cluster: a look that misses the whole node of a machine that is still billed was a look at a part.
WITH seen AS (
    SELECT *,
        CASE
            WHEN bool_or(kind = 'k8s:Node') OVER node THEN max(last_seen_at) OVER node
            ELSE max(last_seen_at) OVER (PARTITION BY cluster)
        END AS looked_at
    FROM (
        SELECT *, regexp_extract(resource_key, '^(.*)/(Node|Pod)/', 1) AS cluster,
            CASE kind WHEN 'k8s:Pod' THEN body ->> '$.spec.nodeName' ELSE body ->> '$.metadata.name' END AS node_name
        FROM resource_history
        WHERE kind IN ('k8s:Pod', 'k8s:Node')
    )
    WINDOW node AS (PARTITION BY cluster, node_name)
),

pod AS (
    SELECT resource_key, cluster, account_id, valid_from, source, body, node_name,
        coalesce(valid_to, CASE WHEN last_seen_at < looked_at - INTERVAL 2 DAY THEN last_seen_at END) AS valid_to,
        coalesce(
            json_extract_string(body, '$.metadata.namespace') IN (
                'kube-system', 'kube-public', 'kube-node-lease', 'karpenter', 'amazon-cloudwatch', 'amazon-guardduty',
                'cert-manager', 'gpu-operator', 'istio-system', 'monitoring'
            )
            OR json_extract_string(body, '$.metadata.ownerReferences[0].kind') = 'DaemonSet', false) AS is_system
    FROM seen
    WHERE kind = 'k8s:Pod'
),

request AS (
    SELECT resource_key, valid_from,
        grade('an accelerator') * accelerators + grade('a vcpu') * cores + grade('a gibibyte') * gibibytes AS weight
    FROM pod_requests('resource_history')
),

-- What is billed for the node, by its record, else by the host name; a node may be called by its instance id (EKS Auto
-- Mode, resource-based host names).
recorded AS (
    SELECT DISTINCT edge.from_id AS pod, billed.to_id AS instance,
        node.body ->> '$.metadata.labels."node.kubernetes.io/instance-type"' AS instance_type
    FROM lineage_edges AS edge
    JOIN lineage_edges AS billed ON billed.relation = 'is_instance' AND billed.from_id = edge.to_id
    JOIN resource_history AS node ON node.resource_key = edge.to_id AND node.valid_from = billed.valid_from
    WHERE edge.relation = 'runs_on_node'
),

machine AS (
    FROM recorded
    UNION
    SELECT pod.resource_key, known.resource_key, NULL
    FROM pod
    JOIN resource_history AS known ON known.account_id = pod.account_id
        AND (known.kind = 'ec2:DescribeInstances' AND known.name = pod.node_name
            OR known.kind = 'sagemaker:DescribeCluster' AND starts_with(pod.node_name, 'hyperpod-i-')
                AND json_extract_string(known.body, '$.Orchestrator.Eks.ClusterArn') = pod.cluster
        )
        AND known.valid_from <= pod.valid_from + INTERVAL 1 HOUR
        AND coalesce(known.ended_at, always_to()) >= pod.valid_from
    WHERE pod.resource_key NOT IN (SELECT recorded.pod FROM recorded)
    UNION
    SELECT resource_key, regexp_extract(node_name, '^i-[0-9a-f]+'), NULL
    FROM pod
    WHERE regexp_matches(node_name, '^i-[0-9a-f]{8,17}(\.|$)')
        AND resource_key NOT IN (SELECT recorded.pod FROM recorded)
),

billed_day AS (
    SELECT DISTINCT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS instance,
        CAST(charge_date AS TIMESTAMP) AS day
    FROM daily_charges
    WHERE regexp_matches(resource_id, '^i-|:instance/i-|:sagemaker:.*:cluster/')
        OR regexp_matches(usage_type, 'Cluster:ml')
),

stay AS (
    SELECT machine.instance,
        CASE WHEN machine.instance LIKE '%:cluster/%' THEN machine.instance_type END AS instance_type, pod.node_name,
        billed_day.day,
        pod.resource_key, pod.cluster, pod.is_system, pod.source,
        (epoch(least(coalesce(pod.valid_to, always_to()), day + INTERVAL 1 DAY)) - epoch(greatest(pod.valid_from, day)))
            * greatest(coalesce(request.weight, 0), grade('any pod')) AS used
    FROM pod
    JOIN machine ON machine.pod = pod.resource_key
    JOIN billed_day ON billed_day.instance = machine.instance AND day < coalesce(pod.valid_to, always_to())
        AND day + INTERVAL 1 DAY > pod.valid_from
    LEFT JOIN request ON request.resource_key = pod.resource_key AND request.valid_from = pod.valid_from
),

worked AS (
    SELECT *, bool_and(is_system) OVER (PARTITION BY instance, node_name, day) AS idle FROM stay WHERE used > 0
),

part AS (
    SELECT *, CASE WHEN idle THEN cluster ELSE resource_key END AS consumer_key,
        used / sum(used) OVER (PARTITION BY instance, node_name, day) AS weight
    FROM worked WHERE idle OR NOT is_system
)

SELECT instance AS resource_key, instance_type, consumer_key, sum(weight) AS weight,
    day AS valid_from, day + INTERVAL 1 DAY AS valid_to,
    CASE WHEN bool_and(idle) THEN 'idle node' ELSE 'pods' END AS kind, [min(source)] AS sources
FROM part
GROUP BY instance, instance_type, day, consumer_key
