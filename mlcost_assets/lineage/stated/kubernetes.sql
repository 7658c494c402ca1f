-- Kubernetes: what runs on which node and instance, what a volume or a load balancer is for.
-- Objects as in the Kubernetes API; labels and hostnames as the EKS controllers write them.
WITH object AS (
    SELECT * REPLACE (resource_key AS id), regexp_extract(id, '^(.*)/[^/]+/[^/]+$', 1) AS cluster,
        json_extract_string(body, '$.metadata.namespace') AS namespace
    FROM resource_history WHERE starts_with(kind, 'k8s:')
),

-- A node that does not say when it was made was there before it was seen; of several of one name that is not known.
node AS (
    SELECT cluster, name,
        CASE
            WHEN count(body ->> '$.metadata.creationTimestamp') > 0 OR count(*) OVER (PARTITION BY cluster, name) > 1
                THEN min(valid_from)
            ELSE '-infinity' END AS since,
        nullif(max(coalesce(valid_to, 'infinity')), 'infinity') AS until, id
    FROM object
    WHERE kind = 'k8s:Node'
    GROUP BY cluster, name, id
),

pod AS (
    SELECT *, json_extract(body, '$.metadata.labels') AS labels FROM object WHERE kind = 'k8s:Pod'
),

service AS (
    SELECT *, json_extract(body, '$.spec.selector') AS selector FROM object WHERE kind = 'k8s:Service'
)

-- HyperPod bills its nodes with their cluster: …/sagemaker/cluster/hyperpod-<cluster>-i-….
SELECT object.* EXCLUDE (cluster, namespace), 'is_instance' AS relation, coalesce(
    sagemaker_arn(
        'cluster', nullif(regexp_extract(body ->> '$.spec.providerID', '/hyperpod-([a-z0-9]{12})-i-', 1), ''), region,
        account_id
    ),
    regexp_extract(body ->> '$.spec.providerID', '[^/]+$')) AS target, NULL AS detail
FROM object WHERE kind = 'k8s:Node'
UNION ALL
SELECT object.* EXCLUDE (cluster, namespace) REPLACE (
    regexp_extract(body ->> '$.spec.providerID', 'i-[0-9a-f]+$') AS id
),
    'node_of', cluster, NULL
FROM object WHERE kind = 'k8s:Node' AND regexp_matches(body ->> '$.spec.providerID', '/i-[0-9a-f]+$')
UNION ALL
-- Node names come back; a pod ran on the one that lived when it started.
SELECT pod.* EXCLUDE (cluster, namespace, labels), 'runs_on_node', node.id, NULL
FROM pod
JOIN node ON node.cluster = pod.cluster AND node.name = json_extract_string(pod.body, '$.spec.nodeName')
    AND node.since <= pod.valid_from + INTERVAL 1 HOUR AND coalesce(node.until, 'infinity') >= pod.valid_from
UNION ALL
SELECT pod.* EXCLUDE (cluster, namespace, labels), 'in_namespace', cluster || '/Namespace/' || namespace, NULL FROM pod
UNION ALL
SELECT object.* EXCLUDE (cluster, namespace), 'is_volume', CASE body ->> '$.spec.csi.driver'
        WHEN 'efs.csi.aws.com' THEN service_arn(
            'elasticfilesystem', region, account_id,
            'file-system/' || regexp_extract(body ->> '$.spec.csi.volumeHandle', '^[^:]+')
        )
        WHEN 'fsx.csi.aws.com' THEN service_arn(
            'fsx', region, account_id, 'file-system/' || regexp_extract(body ->> '$.spec.csi.volumeHandle', '^[^:]+')
        )
        ELSE coalesce(
            body ->> '$.spec.csi.volumeHandle',
            regexp_extract(body ->> '$.spec.awsElasticBlockStore.volumeID', '[^/]+$')
        )
END, NULL
FROM object WHERE kind = 'k8s:PersistentVolume'
UNION ALL
SELECT object.* EXCLUDE (cluster, namespace), 'in_namespace',
    cluster || '/Namespace/' || (body ->> '$.spec.claimRef.namespace'), NULL
FROM object WHERE kind = 'k8s:PersistentVolume'
UNION ALL
SELECT object.* EXCLUDE (cluster, namespace), 'claimed_by', pod.id, NULL
FROM object
JOIN pod ON pod.cluster = object.cluster
    AND pod.namespace = json_extract_string(object.body, '$.spec.claimRef.namespace')
    AND list_contains(
        pod.body ->> '$.spec.volumes[*].persistentVolumeClaim.claimName', object.body ->> '$.spec.claimRef.name'
    )
WHERE object.kind = 'k8s:PersistentVolume'
UNION ALL
SELECT service.* EXCLUDE (cluster, namespace, selector), 'exposed_by',
    lower(regexp_extract(unnest(body ->> '$.status.loadBalancer.ingress[*].hostname'), '^[^.]+')), NULL
FROM service
UNION ALL
SELECT service.* EXCLUDE (cluster, namespace, selector), 'selects', pod.id, NULL
FROM service
JOIN pod ON pod.cluster = service.cluster AND pod.namespace = service.namespace
    AND len(json_keys(selector)) > 0
    AND len(
        list_filter(
            json_keys(selector),
            lambda k: member(labels, k) IS DISTINCT FROM member(selector, k)
        )
    ) = 0
UNION ALL
SELECT service.* EXCLUDE (cluster, namespace, selector), 'in_namespace', cluster || '/Namespace/' || namespace, NULL
FROM service
