-- What does a gigabyte out to the internet cost, day by day?
-- What a thousand predictions of a model cost is in the table `unit_costs`.
SELECT CAST(charge_period_start AS DATE) AS day, sum(consumed_quantity) AS gigabytes,
    sum(effective_cost) AS effective_cost,
    round(sum(effective_cost) / nullif(sum(consumed_quantity), 0), 4) AS per_gigabyte, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND x_usage_type LIKE '%DataTransfer-Out-Bytes' AND consumed_unit = 'GB'
    AND NOT is_split_cost
GROUP BY ALL
ORDER BY day
