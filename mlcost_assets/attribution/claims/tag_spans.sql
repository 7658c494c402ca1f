-- Tags of records over time: what a resource says of a dimension holds until it says something else of it, also where
-- the tag is lost meanwhile, and its first word holds from ever. Two values of one moment stand beside each other.
WITH tagged AS (
    SELECT resource_key, valid_from, tags_source AS source, unnest(map_entries(tags)) AS tag
    FROM resource_history
),

told AS (
    SELECT resource_key, dimension, canonical_value AS value, valid_from, max(confidence) AS confidence,
        arg_min(
            {'tag': tag.key || ' = ' || tag.value, 'record': source}, (tag.key, tag.value, source)
        ) AS first
    FROM tagged
    JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    WHERE canonical_value IS NOT NULL
    GROUP BY ALL
),

change AS (
    SELECT resource_key, dimension, valid_from, list_sort(list(value)) AS said
    FROM told
    GROUP BY resource_key, dimension, valid_from
    QUALIFY said IS DISTINCT FROM lag(said) OVER (PARTITION BY resource_key, dimension ORDER BY valid_from)
),

span AS (
    SELECT resource_key, dimension, valid_from AS since, lead(valid_from, 1, always_to()) OVER of_dimension AS until,
        row_number() OVER of_dimension AS place
    FROM change
    WINDOW of_dimension AS (PARTITION BY resource_key, dimension ORDER BY valid_from)
)

SELECT resource_key, dimension, value,
    CASE WHEN place = 1 THEN always_from() ELSE since END AS valid_from,
    until AS valid_to, max(confidence) AS confidence,
    arg_min(first.tag, valid_from) AS written, arg_min(first.record, valid_from) AS record
FROM span
JOIN told USING (resource_key, dimension)
WHERE valid_from >= since AND valid_from < until
GROUP BY resource_key, dimension, value, place, since, until
