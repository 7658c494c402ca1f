-- One resource in twenty has a tag that contradicts its name.
SELECT $billing_period AS billing_period, account_id, 'AmazonSageMaker' AS service_code, resource_id, resource_key,
    'model' AS dimension, 'sources' AS kind, model AS winning_value, 'resource_tag' AS winning_source,
    'old-' || model AS losing_value, 'name' AS losing_source, 'a tag comes before a name' AS why, 0.8 AS confidence,
    CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost, 'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period AND number % 20 = 0 AND model IS NOT NULL
GROUP BY ALL
