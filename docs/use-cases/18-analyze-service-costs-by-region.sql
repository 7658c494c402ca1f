-- What do services cost in each region, day by day?
SELECT CAST(charge_period_start AS DATE) AS day, region_id, service_name, sum(effective_cost) AS effective_cost,
    billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND charge_category = 'Usage' AND charge_class IS NULL AND region_id IS NOT NULL
    AND NOT is_split_cost
GROUP BY ALL
ORDER BY day, effective_cost DESC, region_id
LIMIT 12
