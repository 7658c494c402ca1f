-- Labels and annotations of namespaces, read like tags: a team labels its namespace, not its pods. An annotation tells
-- people; what controllers write there has keys of their own.
WITH said AS (
    SELECT regexp_extract(resource_key, '^(.*)/[^/]+$', 1) || '/' || name AS resource_key, source, valid_from,
        coalesce(valid_to, always_to()) AS valid_to, unnest(list_concat(
            entries_of(json_extract(body, '$.metadata.annotations')),
            entries_of(json_extract(body, '$.metadata.labels'))
        )) AS label
    FROM resource_history WHERE kind = 'k8s:Namespace'
),

meant AS (
    SELECT said.resource_key, tag_values.dimension, canonical_value AS value, valid_from, valid_to,
        label.key || ' = ' || label.value AS written, source
    FROM said
    JOIN tag_values ON tag_values.tag_key = 'label/' || label.key AND tag_values.tag_value = label.value
    WHERE canonical_value IS NOT NULL
        AND tag_values.dimension IN ('team', 'environment', 'project', 'business_function')
)

SELECT resource_key, dimension, value,
    CASE
        WHEN min(valid_from) = min(min(valid_from)) OVER (PARTITION BY resource_key, dimension) THEN always_from()
        ELSE min(valid_from) END AS valid_from,
    max(valid_to) AS valid_to, 'kubernetes' AS source, 'kubernetes' AS method, 'label' AS code, 'label' AS place,
    min(written) AS said, [graded('label')] AS factors, [min({'written': written, 'record': source}).record] AS path
FROM meant
GROUP BY resource_key, dimension, value
