-- What AWS cost categories say of a period's charges: of each account and resource, NULL for charges that name none.
SELECT
    billing_period, category.key AS category, category.value AS value, account_id,
    resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
    CAST(min(charge_period_start) AS DATE) AS first_date, CAST(max(charge_period_start) AS DATE) AS last_date,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM (
    SELECT billing_period, resource_id, charge_period_start, effective_cost, region_id, x_usage_type AS usage_type,
        coalesce(sub_account_id, billing_account_id) AS account_id,
        coalesce(x_service_code, service_name) AS service_code,
        unnest(map_entries(x_cost_categories)) AS category
    FROM line_items
    WHERE billing_period = $billing_period AND NOT is_split_cost AND cardinality(x_cost_categories) > 0
)
GROUP BY ALL
