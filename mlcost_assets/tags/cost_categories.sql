-- What AWS cost categories say of a period's charges.
SELECT
    billing_period, category.key AS category, category.value AS value,
    count(DISTINCT resource_id) AS resources,
    CAST(min(charge_period_start) AS DATE) AS first_date, CAST(max(charge_period_start) AS DATE) AS last_date,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM (
    SELECT billing_period, resource_id, charge_period_start, effective_cost,
        unnest(map_entries(x_cost_categories)) AS category
    FROM line_items
    WHERE billing_period = $billing_period AND NOT is_split_cost AND cardinality(x_cost_categories) > 0
)
GROUP BY ALL
