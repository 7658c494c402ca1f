-- Things whose last part is spelt nearest to $named.
SELECT resource_key AS key
FROM resources
WHERE resource_key IS NOT NULL
GROUP BY resource_key
ORDER BY max(
    greatest(
        jaro_winkler_similarity(lower(regexp_extract(resource_key, '[^/:]*$')), lower($named)),
        jaro_winkler_similarity(lower(coalesce(name, '')), lower($named))
    )
) DESC,
    resource_key
LIMIT 3
