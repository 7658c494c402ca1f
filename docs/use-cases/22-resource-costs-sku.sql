-- Which SKUs cost most, and at what price?
SELECT sku_id, sku_price_id, pricing_unit, list_unit_price, sum(pricing_quantity) AS pricing_quantity,
    sum(list_cost) AS list_cost, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND sku_id IS NOT NULL AND NOT is_split_cost
GROUP BY ALL
ORDER BY effective_cost DESC
LIMIT 10
