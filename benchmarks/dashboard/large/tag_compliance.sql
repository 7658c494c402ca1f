-- How much of the month's cost carries its tags.
SELECT $billing_period AS billing_period, account_id, team, 'AmazonSageMaker' AS service_code,
    'SageMaker' AS service_group,
    tag, count(DISTINCT resource_id) AS resources, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(coalesce(sum(cost) FILTER (number % 5 > 0), 0) AS DECIMAL(28,10)) AS compliant_cost,
    CAST(coalesce(sum(cost) FILTER (number % 5 = 0), 0) AS DECIMAL(28,10)) AS missing_cost,
    0 AS wrong_cost, 0 AS unactivated_cost, 0 AS untaggable_cost, 'USD' AS billing_currency
FROM thing_day, (VALUES ('model'), ('team'), ('environment'), ('project')) AS each(tag)
WHERE month = $billing_period
GROUP BY ALL
