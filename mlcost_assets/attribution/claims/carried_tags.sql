-- Tags that resources and accounts carry, and which of them are codes of cost centres, applications or inventories: of
-- keys that speak of no dimension, the values that are codes, and all values where a key is called so. A cost centre is
-- its number: CC-4711 and 4711 are one.
WITH carried AS (
    SELECT
        CASE kind WHEN 'organizations:DescribeAccount' THEN 'account:' || resource_key ELSE resource_key END AS carrier,
        tag.key AS tag_key, tag.value AS tag_value, tags_source AS source, max(valid_from) AS since
    FROM (
        SELECT kind, resource_key, tags_source, valid_from, unnest(map_entries(tags)) AS tag FROM resource_history
    )
    GROUP BY ALL
    UNION ALL
    SELECT CASE WHEN starts_with(tag.key, 'accountTag/') THEN 'account:' || account_id ELSE resource_key END,
        plain_key(tag.key), tag.value, 'bill tag ' || tag.key || ' = ' || tag.value, max(first_date)
    FROM (
        SELECT account_id, resource_key, first_date, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    GROUP BY ALL
)

SELECT carried.*, CASE
    WHEN key_dimensions.dimension IS NOT NULL OR is_system_key(tag_key) THEN NULL
    WHEN is_cost_key(normal_form(tag_key)) OR regexp_matches(normal_form(tag_key), '(^|-)(code|cmdb)(-|$)')
        THEN regexp_replace(normal_form(tag_value), '^[a-z]{1,4}-?([0-9]{3,})$', '\1')
    WHEN is_code(normal_form(tag_value)) THEN normal_form(tag_value)
END AS code
FROM carried
LEFT JOIN key_dimensions ON key_dimensions.normal_key = normal_form(plain_key(tag_key))
WHERE carrier IS NOT NULL
