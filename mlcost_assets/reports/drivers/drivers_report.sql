-- What each driver adds to the change of a month, by service.
SELECT billing_period, until_day, driver, service_code,
    count(DISTINCT (account_id, region_id, resource_id, usage_type, operation, charge_category)) AS charges,
    CAST(sum(change) AS DECIMAL(28,10)) AS change, billing_currency
FROM cost_drivers
WHERE list_contains($periods, billing_period)
    AND ($model IS NULL OR scope = 'model' AND name = $model)
    AND ($team IS NULL OR scope = 'team' AND name = $team)
    AND ($environment IS NULL OR scope = 'environment' AND name = $environment)
    AND (scope <> 'total' OR coalesce($model, $team, $environment) IS NULL)
    AND (scope = 'total' OR coalesce($model, $team, $environment) IS NOT NULL)
GROUP BY billing_period, until_day, driver, service_code, billing_currency
HAVING sum(change) <> 0
ORDER BY billing_period, billing_currency, abs(sum(change)) DESC, driver, service_code
