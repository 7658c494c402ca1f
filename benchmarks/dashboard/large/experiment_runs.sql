-- What experiments of the month were billed for.
SELECT $billing_period AS billing_period, 'sweep-' || number % 20 AS experiment, resource_id, resource_key, team,
    model, stage,
    account_id, true AS is_run, 'completed' AS state, number % 7 = 0 AS became_deployed,
    CAST(sum(cost) AS DECIMAL(28,10)) AS billed_cost, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(cost) AS DECIMAL(28,10)) AS list_cost, 'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period AND stage = 'experimentation'
GROUP BY ALL
