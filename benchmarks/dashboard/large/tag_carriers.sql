-- Which tags each resource of the month's bill carries.
SELECT $billing_period AS billing_period, account_id, resource_key, md5(concat(model, team)) AS tag_set,
    min(day) AS first_date, max(day) AS last_date, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost
FROM thing_day
WHERE month = $billing_period
GROUP BY ALL
