-- Resources whose last part, and models whose name, is spelt nearly as $named or
-- begins so; none that is merely the least unlike.
WITH called AS (
    SELECT 'resource' AS what, resource_key AS name, lower(regexp_extract(resource_key, '[^/:]*$')) AS spelt
    FROM resources
    WHERE resource_key IS NOT NULL
    UNION
    SELECT 'model', model, lower(model) FROM attributed_costs WHERE model IS NOT NULL AND is_ml
)

SELECT what, name FROM called
WHERE jaro_winkler_similarity(spelt, lower($named)) >= 0.9 OR length($named) > 2 AND starts_with(spelt, lower($named))
QUALIFY row_number() OVER (PARTITION BY what ORDER BY jaro_winkler_similarity(spelt, lower($named)) DESC, name) <= 3
ORDER BY what, jaro_winkler_similarity(spelt, lower($named)) DESC, name
