-- How does one service's cost develop, by account?
SELECT billing_period, sub_account_id, sub_account_name, sum(billed_cost) AS billed_cost,
    sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE service_name = 'Amazon Simple Storage Service' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, effective_cost DESC
