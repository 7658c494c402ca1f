-- One resource in fifty answers nobody.
SELECT resource_key, 'endpoint' AS kind, 'idle' AS degree, account_id, 'us-east-1' AS region,
    'serving-' || number AS name,
    model, team, environment, CAST(first_day AS TIMESTAMP) AS since, 'no request in 30 days' AS evidence,
    'metrics' AS source,
    0.9 AS confidence, false AS by_design, true AS still_exists, daily_cost * 30 AS cost_so_far,
    daily_cost * 30 AS cost_per_month, daily_cost * 30 AS saved_per_month, 'billed' AS cost_basis,
    'USD' AS billing_currency, 'Delete the endpoint.' AS how_to_stop
FROM thing
WHERE number % 50 = 0
