-- The tags that stand on a period's charges, once each: told apart by hash, because few stand on very many.
SELECT
    billing_period,
    tag_set(any_value(tags)) AS tag_set,
    any_value(tags) AS tags,
    -- Split-cost rows carry the tags of pods; their money is told by other rows.
    CAST(coalesce(sum(effective_cost) FILTER (NOT is_split_cost), 0) AS DECIMAL(28,10)) AS effective_cost
FROM line_items
WHERE billing_period = $billing_period AND cardinality(tags) > 0
GROUP BY billing_period, hash(tags)
