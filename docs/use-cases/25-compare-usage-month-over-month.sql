-- What was used more than the month before?
SELECT service_name, resource_id, sku_id, consumed_unit,
    sum(consumed_quantity) FILTER (billing_period = '2026-09') AS september,
    sum(consumed_quantity) FILTER (billing_period = '2026-10') AS october
FROM line_items
WHERE charge_category = 'Usage' AND charge_class IS NULL AND consumed_quantity IS NOT NULL
    AND billing_period IN ('2026-09', '2026-10') AND NOT is_split_cost
GROUP BY ALL
HAVING september IS DISTINCT FROM october
ORDER BY coalesce(october, 0) - coalesce(september, 0) DESC, resource_id
