-- What two sources say of each resource's model.
SELECT resource_key, 'model' AS dimension, CASE precedence WHEN 1 THEN model ELSE 'old-' || model END AS value,
    CAST(first_day AS TIMESTAMP) AS valid_from, CAST(first_day + 500 AS TIMESTAMP) AS valid_to,
    ['resource_tag', 'name'][precedence] AS source, precedence, 'tag' AS method, 0.9 AS confidence,
    [resource_key] AS path, 'a tag says so' AS statement
FROM thing, range(1, 3) AS each(precedence)
WHERE model IS NOT NULL
