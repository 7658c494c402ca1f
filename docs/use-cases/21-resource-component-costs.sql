-- Of what is a resource's cost made up?
-- `mlcost explain RESOURCE` also says whose it is and why.
SELECT resource_id, resource_type, charge_description, sku_id, sku_meter, sum(effective_cost) AS effective_cost,
    billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND resource_id = 'i-0web' AND NOT is_split_cost
GROUP BY ALL
ORDER BY effective_cost DESC
