-- The tags that stand on a period's charges, once each.
SELECT
    billing_period,
    tag_set(tags) AS tag_set,
    any_value(tags) AS tags,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM line_items
WHERE billing_period = $billing_period AND NOT is_split_cost AND tag_set(tags) IS NOT NULL
GROUP BY ALL
