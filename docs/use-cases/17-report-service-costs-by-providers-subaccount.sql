-- What does an account's use of each service cost day by day, commitments spread?
SELECT CAST(charge_period_start AS DATE) AS day, service_name, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND provider_name = 'AWS' AND sub_account_id = '333333333333' AND NOT is_split_cost
GROUP BY ALL
ORDER BY day, effective_cost DESC
LIMIT 10
