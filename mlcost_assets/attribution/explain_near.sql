-- Resources whose last part is spelt nearest to $named.
SELECT resource_key
FROM resources
WHERE resource_key IS NOT NULL
ORDER BY jaro_winkler_similarity(lower(regexp_extract(resource_key, '[^/:]*$')), lower($named)) DESC, resource_key
LIMIT 3
