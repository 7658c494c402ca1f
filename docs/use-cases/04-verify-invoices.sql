-- What does the provider charge each billing account for the month?
SELECT provider_name, billing_account_id, billing_account_name, billing_period, sum(billed_cost) AS billed_cost,
    billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billed_cost DESC
