-- Things whose last part, or name, is spelt nearly as $named or begins so; none that is merely the least unlike.
WITH called AS (
    SELECT resource_key AS key, unnest([regexp_extract(resource_key, '[^/:]*$'), name]) AS spelt
    FROM resources
    WHERE resource_key IS NOT NULL
)

SELECT key FROM called
WHERE jaro_winkler_similarity(lower(spelt), lower($named)) >= 0.9
    OR length($named) > 2 AND starts_with(lower(spelt), lower($named))
GROUP BY key
ORDER BY max(jaro_winkler_similarity(lower(spelt), lower($named))) DESC, key
LIMIT 3
