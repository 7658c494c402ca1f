-- What do our commitments save for each service?
SELECT service_name, sum(contracted_cost) AS contracted_cost, sum(effective_cost) AS effective_cost,
    round(100 * (1 - sum(effective_cost) / sum(contracted_cost)), 1) AS effective_savings_percent, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
HAVING sum(contracted_cost) > 0
ORDER BY effective_savings_percent DESC, service_name, billing_currency
