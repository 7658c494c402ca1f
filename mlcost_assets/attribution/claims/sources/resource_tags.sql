-- Tags on the resource itself, as its API told them, also where nobody activated them for the bill.
WITH tagged AS (
    SELECT resource_key, valid_from, coalesce(valid_to, always_to()) AS valid_to, tags_source AS source,
        unnest(map_entries(tags)) AS tag
    FROM resource_history
),

claim AS (
    SELECT resource_key, dimension, canonical_value AS value, min(valid_from) AS since, max(confidence) AS confidence,
        arg_min(
            {'tag': tag.key || ' = ' || tag.value, 'record': source}, (valid_from, tag.key, tag.value, source)
        ) AS first
    FROM tagged
    JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    WHERE canonical_value IS NOT NULL
    GROUP BY ALL
)

SELECT
    resource_key, dimension, value,
    CASE
        WHEN since = min(since) OVER (PARTITION BY resource_key, dimension) THEN always_from()
        ELSE since END AS valid_from,
    coalesce(lead(since) OVER (PARTITION BY resource_key, dimension ORDER BY since, value), always_to()) AS valid_to,
    'resource_tag' AS source,
    'tag' AS method,
    'resource_tag' AS code,
    'tag' AS place,
    first.tag AS said,
    [factor('meaning of the value', confidence), graded('resource_tag')] AS factors,
    [first.record] AS path
FROM claim
