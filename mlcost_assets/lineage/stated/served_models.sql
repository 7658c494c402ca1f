-- Models that one server in Kubernetes serves beside each other (Triton's and TorchServe's repositories, vLLM's
-- adapters): what its metrics count by model. Each is a thing inside the pod, which loads what the server's arguments
-- say is behind its name, else its folder of the one repository that the server is given.
--
-- The server is told by its pod or its service (or what else is called like that: its workload, its release). `detail`
-- has the dimensions of the metric, by which its values are found.
WITH counted AS (
    SELECT account_id, dimensions, record,
        coalesce(dimensions ->> '$.model_name', dimensions ->> '$.model') AS model,
        coalesce(dimensions ->> '$.ClusterName', dimensions ->> '$.cluster') AS cluster,
        coalesce(dimensions ->> '$.Namespace', dimensions ->> '$.namespace') AS namespace,
        coalesce(
            dimensions ->> '$.PodName', dimensions ->> '$.pod_name', dimensions ->> '$.pod', dimensions ->> '$.Service',
            dimensions ->> '$.service'
        ) AS server
    FROM (
        SELECT account_id, json_extract(body, '$.Dimensions') AS dimensions, min(file || ':' || line) AS record
        FROM metadata_records
        WHERE kind = 'cloudwatch:GetMetricData'
        GROUP BY ALL
    )
    WHERE model <> '' AND namespace <> '' AND server <> ''
),

object AS (
    SELECT *, regexp_extract(resource_key, ':cluster/([^/]+)/', 1) AS cluster,
        body ->> '$.metadata.namespace' AS namespace, json_extract(body, '$.metadata.labels') AS labels,
        json_extract(body, '$.spec.selector') AS selector
    FROM resource_history
    WHERE kind IN ('k8s:Pod', 'k8s:Service')
),

-- A ReplicaSet is called like its Deployment, and a hash.
pod AS (
    SELECT *,
        [
            name, body ->> '$.metadata.ownerReferences[0].name',
            regexp_replace(body ->> '$.metadata.ownerReferences[0].name', '-[^-]+$', ''),
            body ->> '$.metadata.labels."app.kubernetes.io/instance"'
        ] AS called,
        list_concat(body ->> '$.spec.containers[*].command[*]', body ->> '$.spec.containers[*].args[*]') AS words
    FROM object
    WHERE kind = 'k8s:Pod'
),

server AS (
    SELECT pod.*, counted.model, counted.dimensions, counted.record
    FROM pod
    JOIN counted ON counted.account_id = pod.account_id AND counted.namespace = pod.namespace
        AND coalesce(counted.cluster, pod.cluster) = pod.cluster
    LEFT JOIN object AS service ON service.kind = 'k8s:Service' AND service.cluster = pod.cluster
        AND service.namespace = pod.namespace AND service.name = counted.server
        AND len(json_keys(service.selector)) > 0 AND json_contains(pod.labels, service.selector)
    WHERE list_contains(pod.called, counted.server) OR service.name IS NOT NULL
    QUALIFY count(DISTINCT counted.model) OVER (PARTITION BY pod.resource_key) > 1
),

-- --lora-modules NAME=s3://…, or as JSON with a name and a path.
named AS (
    SELECT resource_key, word,
        coalesce(
            nullif(regexp_extract(word, '"name"\s*:\s*"([^"]+)"', 1), ''), regexp_extract(word, '^([^=]+)=s3a?://', 1)
        ) AS model,
        regexp_extract(word, 's3a?://[^\s"'',;)\]}]+') AS uri
    FROM (
        SELECT resource_key, unnest(words) AS word FROM server
    )
),

repository AS (
    SELECT resource_key, rtrim(min(uri), '/') AS uri
    FROM (
        SELECT resource_key, unnest(regexp_extract_all(
            array_to_string(words, ' '), '--model[-_](?:repository|store|dir)[ =]+(s3a?://[^\s"'']+)', 1
        )) AS uri
        FROM server
    )
    GROUP BY resource_key
    HAVING count(DISTINCT uri) = 1
)

SELECT resource_key AS id, region, account_id, valid_from, valid_to, record AS source, 'hosts' AS relation,
    resource_key || '/' || model AS target, CAST(dimensions AS VARCHAR) AS detail
FROM server
UNION ALL BY NAME
SELECT server.resource_key || '/' || server.model AS id, region, account_id, valid_from, valid_to, source,
    'loads' AS relation, coalesce(nullif(named.uri, ''), repository.uri || '/' || server.model) AS target,
    NULL AS detail
FROM server
LEFT JOIN named ON named.resource_key = server.resource_key AND named.model = server.model
LEFT JOIN repository ON repository.resource_key = server.resource_key
WHERE target <> ''
