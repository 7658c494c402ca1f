-- What does each kind of service cost, month by month?
SELECT billing_period, service_category, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, billed_cost DESC, service_category
