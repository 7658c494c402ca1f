-- Things whose last part, or name, is spelt nearly as $named or its own last part, or begins so; none that is merely
-- the least unlike. Of several, the one comes first that is most like all that was written (`endpont/churn`).
WITH called AS (
    SELECT resource_key AS key, regexp_extract(resource_key, '[^/:]*[/:]?[^/:]*$') AS ending,
        unnest([regexp_extract(resource_key, '[^/:]*$'), name]) AS spelt
    FROM resources
    WHERE resource_key IS NOT NULL
),

asked AS (
    SELECT DISTINCT unnest([lower($named), regexp_extract(lower($named), '[^/:]*$')]) AS wanted
)

SELECT key
FROM called
CROSS JOIN asked
WHERE jaro_winkler_similarity(lower(spelt), wanted) >= 0.9
    OR length(wanted) > 2 AND starts_with(lower(spelt), wanted)
GROUP BY key
ORDER BY max(jaro_winkler_similarity(lower(spelt), wanted)) DESC,
    max(jaro_winkler_similarity(lower(ending), lower($named))) DESC, key
LIMIT 3
