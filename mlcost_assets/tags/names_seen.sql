-- Names → how much stands behind each, and whether a registry knows it, however its words are joined there.
--
-- Reads tag_observations, observed_names and the vocabulary's temporary table
-- registry_names (dimension, normal_value, canonical).
WITH seen AS (
    SELECT dimension, name, resources, effective_cost, seen_in = 'name' AS known, first_seen, last_seen
    FROM tag_observations
    JOIN observed_names USING (tag_key, tag_value)
    UNION ALL
    SELECT DISTINCT dimension, normal_form(canonical), 0, 0, false, NULL, NULL FROM registry_names
)

SELECT
    seen.dimension, seen.name, compact(seen.name) AS compact,
    CAST(sum(resources) AS BIGINT) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    bool_or(bool_or(known)) OVER (PARTITION BY seen.dimension, compact(seen.name)) AS known,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    any_value(registry.canonical) AS registered_as,
    coalesce(bool_or(normal_form(registry.canonical) = seen.name), false) AS registered
FROM seen
LEFT JOIN registry_names AS registry ON registry.dimension = seen.dimension AND registry.normal_value = seen.name
GROUP BY seen.dimension, seen.name
