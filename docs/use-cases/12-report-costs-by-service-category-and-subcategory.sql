-- What does each kind of service cost, one level deeper?
SELECT billing_period, service_category, service_subcategory, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billed_cost DESC
