-- What does the month's bill say of each service?
SELECT provider_name, billing_account_id, service_name, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billed_cost DESC
