-- The environment of a pod by where it runs: its cluster is tagged with it, and its namespace is called after it.
--
-- Two say so who do not know of each other. A chart that is copied into another environment takes its labels along,
-- so this counts before them, and before a word in the pod's name.
WITH cluster AS (
    SELECT resource_key, min(environment) AS environment, min(tags_source) AS record
    FROM (
        SELECT resource_key, tags_source, unnest(map_entries(tags)) AS tag
        FROM resource_history
        WHERE kind = 'eks:DescribeCluster'
    )
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(plain_key(tag.key))
        AND key_dimensions.dimension = 'environment'
    JOIN environment_words ON environment_words.word = normal_form(tag.value)
    GROUP BY resource_key
    HAVING count(DISTINCT environment) = 1
),

pod AS (
    SELECT DISTINCT resource_key, regexp_extract(resource_key, '^(.*)/Pod/', 1) AS cluster,
        body ->> '$.metadata.namespace' AS namespace
    FROM resource_history
    WHERE kind = 'k8s:Pod'
)

SELECT pod.resource_key, 'environment' AS dimension, cluster.environment AS value, always_from() AS valid_from,
    always_to() AS valid_to, 'resource_tag' AS source, 'kubernetes' AS method, 'environment_word' AS code,
    'namespace' AS place, pod.namespace AS said, [started('environment_word', 'namespace')] AS factors,
    [cluster.record] AS path
FROM pod
JOIN cluster ON cluster.resource_key = pod.cluster
JOIN environment_words ON environment_words.environment = cluster.environment
    AND environment_words.word = regexp_extract(normal_form(pod.namespace), '[^-]+$')
