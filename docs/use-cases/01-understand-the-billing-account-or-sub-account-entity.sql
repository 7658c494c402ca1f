-- Which billing and sub accounts were charged in the month, and of what kind are they?
SELECT provider_name, billing_account_id, billing_account_name, billing_account_type,
    sub_account_id, sub_account_name, sub_account_type, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_account_id, sub_account_id
