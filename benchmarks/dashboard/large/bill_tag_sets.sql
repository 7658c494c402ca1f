-- The sets of tags of the month's bill.
SELECT $billing_period AS billing_period, md5(concat(model, team)) AS tag_set,
    MAP {'user_model': model, 'user_team': team} AS tags, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost
FROM thing_day
WHERE month = $billing_period
GROUP BY ALL
