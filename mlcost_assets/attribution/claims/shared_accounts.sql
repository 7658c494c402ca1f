-- Accounts that say of themselves that they are shared: whose one is says who runs it, not whose work is in it.
SELECT DISTINCT id
FROM (
    SELECT id, unnest(map_entries(tags)) AS tag
    FROM (
        SELECT resource_key AS id, tags
        FROM resource_history
        WHERE kind = 'organizations:DescribeAccount'
        QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY valid_from DESC, source) = 1
    )
)
WHERE regexp_matches(normal_form(tag.key), '^(is-)?shared(-account)?$')
    AND normal_form(tag.value) IN ('y', 'yes', 'true', '1')
