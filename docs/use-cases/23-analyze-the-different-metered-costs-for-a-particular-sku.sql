-- What is metered under one SKU, and what does each meter cost?
SELECT CAST(charge_period_start AS DATE) AS day, sku_meter, sku_price_id, pricing_unit, list_unit_price,
    sum(pricing_quantity) AS pricing_quantity, sum(list_cost) AS list_cost, sum(effective_cost) AS effective_cost
FROM line_items
WHERE billing_period = '2026-10' AND sku_id = 'SKU-M5' AND NOT is_split_cost
GROUP BY ALL
ORDER BY day, sku_price_id
