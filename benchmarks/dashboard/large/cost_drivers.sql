-- What of each resource's change since the month before its hours and its price are, in all and by owner.
SELECT $billing_period AS billing_period,
    strftime(CAST($billing_period || '-01' AS DATE) - 1, '%Y-%m') AS period_before,
    whose.scope AS scope, whose.name AS name, is_ml, account_id, 'AmazonSageMaker' AS service_code,
    'us-east-1' AS region_id,
    resource_id, 'USE1-Host:' || machine AS usage_type, 'RunInstance' AS operation, 'Usage' AS charge_category, driver,
    CAST(cost_before AS DECIMAL(28,10)) AS cost_before, CAST(cost_after AS DECIMAL(28,10)) AS cost_after,
    CAST(CASE driver WHEN 'price' THEN cost_after * 0.02 ELSE cost_after * 0.98 - cost_before END
    AS DECIMAL(28,10)) AS change,
    'USD' AS billing_currency
FROM (
    SELECT *, unnest([
        {'scope': 'total', 'name': NULL}, {'scope': 'model', 'name': model}, {'scope': 'team', 'name': team},
        {'scope': 'environment', 'name': environment}
    ]) AS whose
    FROM (
        SELECT resource_id, account_id, is_ml, machine, model, team, environment,
            coalesce(sum(cost) FILTER (month < $billing_period), 0) AS cost_before,
            coalesce(sum(cost) FILTER (month = $billing_period), 0) AS cost_after
        FROM thing_day
        GROUP BY ALL
    )
), (VALUES ('quantity'), ('price')) AS each(driver)
