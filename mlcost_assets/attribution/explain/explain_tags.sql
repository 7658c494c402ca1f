-- The resource's own tags as they are written: in the bill, and on the resource as its API told them.
WITH written AS (
    SELECT 'bill' AS seen_in, unnest(map_entries(tags)) AS tag, first_date, last_date
    FROM tag_carriers
    JOIN bill_tag_sets USING (billing_period, tag_set)
    WHERE resource_key = $resource_key AND ($period IS NULL OR billing_period = $period)
    UNION ALL
    SELECT 'resource', unnest(map_entries(tags)), CAST(valid_from AS DATE), CAST(valid_to AS DATE)
    FROM resource_history
    WHERE resource_key = $resource_key
        AND (
            $period IS NULL
                OR $period BETWEEN strftime(valid_from, '%Y-%m') AND strftime(
                    coalesce(valid_to, valid_from + INTERVAL 100 YEAR), '%Y-%m'
                )
        )
)

SELECT written.seen_in, tag.key AS tag_key, tag.value AS tag_value, tag_keys.dimension,
    min(first_date) AS first_day, CASE WHEN bool_and(last_date IS NOT NULL) THEN max(last_date) END AS last_day
FROM written
LEFT JOIN tag_keys ON tag_keys.tag_key = tag.key
GROUP BY ALL
ORDER BY written.seen_in, tag.key, first_day, tag.value
