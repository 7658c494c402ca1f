-- Which machines cost an account most, and when did they run?
SELECT service_name, resource_id, resource_name, min(charge_period_start) AS first_hour,
    max(charge_period_end) AS last_hour,
    sum(pricing_quantity) AS pricing_quantity, any_value(pricing_unit) AS pricing_unit,
    sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND sub_account_id = '222222222222' AND service_category = 'Compute'
    AND charge_category = 'Usage' AND charge_class IS NULL AND NOT is_split_cost
GROUP BY ALL
ORDER BY effective_cost DESC
