-- Who uses a name: accounts, what else is tagged beside it, resources, their
-- neighbours in the lineage, endpoints that run.
--
-- Reads wanted_names, name_families, observed_names (tag_key, tag_value, dimension, name), and what carries tags:
-- tag_carriers with bill_tag_sets, and resource_history. Two names with a context in common are used together.
WITH billed AS (
    SELECT DISTINCT 'bill ' || tag_set AS carrier, observed.dimension, observed.name
    FROM (
        SELECT DISTINCT tag_set, unnest(map_entries(tags)) AS tag
        FROM (
            SELECT tag_set, any_value(tags) AS tags FROM bill_tag_sets GROUP BY tag_set
        )
    )
    JOIN observed_names AS observed ON observed.tag_key = tag.key AND observed.tag_value = tag.value
),

described AS (
    SELECT DISTINCT 'api ' || id || ' ' || CAST(valid_from AS VARCHAR) AS carrier, observed.dimension, observed.name
    FROM (
        SELECT id, valid_from, unnest(map_entries(tags)) AS tag FROM resource_history WHERE tags IS NOT NULL
    )
    JOIN observed_names AS observed ON observed.tag_key = tag.key AND observed.tag_value = tag.value
),

said AS (
    FROM billed
    UNION ALL
    FROM described
),

-- What is used under any name of a family (`family`) is apart from what is used under the very name.
meant AS (
    SELECT *, false AS family FROM said
    UNION
    SELECT carrier, dimension, family.head, true
    FROM said
    JOIN name_families AS family USING (dimension, name)
),

wanted AS (
    SELECT meant.*
    FROM meant
    JOIN wanted_names USING (dimension, name)
),

-- An endpoint runs when it was billed, or seen without an end, up to the last days that are known.
place AS (
    SELECT 'bill ' || tag_set AS carrier, account_id, resource_key,
        resource_key LIKE '%:endpoint/%' AND last_date >= max(last_date) OVER () - 3 AS runs
    FROM tag_carriers
    UNION ALL
    SELECT 'api ' || id || ' ' || CAST(valid_from AS VARCHAR), account_id, resource_key,
        kind = 'sagemaker:DescribeEndpoint' AND valid_to IS NULL
    FROM resource_history WHERE tags IS NOT NULL
),

used AS (
    SELECT DISTINCT wanted.dimension, wanted.name, wanted.family, place.account_id, place.resource_key, place.runs
    FROM wanted
    JOIN place USING (carrier)
)

SELECT DISTINCT dimension, name, family, 'account' AS kind, account_id AS context FROM used WHERE account_id IS NOT NULL
UNION ALL
SELECT DISTINCT dimension, name, family, 'resource', resource_key FROM used WHERE resource_key IS NOT NULL
UNION ALL
SELECT DISTINCT dimension, name, family, 'endpoint', resource_key FROM used WHERE runs
UNION ALL
SELECT DISTINCT wanted.dimension, wanted.name, wanted.family, beside.dimension, beside.name
FROM wanted
JOIN meant AS beside ON beside.carrier = wanted.carrier AND beside.dimension <> wanted.dimension AND beside.family
UNION ALL
-- Resources that made, serve or run one another are one workload; those that only read the same data are not.
SELECT DISTINCT used.dimension, used.name, used.family, 'lineage', node
FROM used
JOIN (
    SELECT from_id AS resource_key, unnest([from_id, to_id]) AS node FROM lineage_edges WHERE is_binding(relation)
    UNION ALL
    SELECT to_id, unnest([from_id, to_id]) FROM lineage_edges WHERE is_binding(relation)
) AS near ON near.resource_key = used.resource_key
