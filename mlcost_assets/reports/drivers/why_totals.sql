-- What the compared days of $period and of $period_before cost whom is asked for, and what each driver adds to that.
WITH cost AS (
    SELECT billing_currency,
        CAST(coalesce(sum(effective_cost) FILTER (billing_period = $period_before), 0) AS DECIMAL(28,10))
            AS cost_before,
        CAST(coalesce(sum(effective_cost) FILTER (billing_period = $period), 0) AS DECIMAL(28,10)) AS cost_after
    FROM attributed_costs
    WHERE billing_period IN ($period, $period_before) AND ($until_day IS NULL OR day(charge_date) <= $until_day)
        AND CASE $scope
            WHEN 'model' THEN model
            WHEN 'team' THEN team
            WHEN 'environment' THEN environment
            ELSE '' END = coalesce($name, '')
    GROUP BY billing_currency
),

driven AS (
    SELECT billing_currency, list({'driver': driver, 'change': change} ORDER BY abs(change) DESC, driver) AS drivers
    FROM (
        SELECT billing_currency, driver, CAST(sum(change) AS DECIMAL(28,10)) AS change
        FROM cost_drivers
        WHERE billing_period = $period AND scope = $scope AND name IS NOT DISTINCT FROM $name
        GROUP BY billing_currency, driver
        HAVING sum(change) <> 0
    )
    GROUP BY billing_currency
)

SELECT billing_currency, cost_before, cost_after, CAST(cost_after - cost_before AS DECIMAL(28,10)) AS change,
    coalesce(drivers, []) AS drivers
FROM cost
LEFT JOIN driven USING (billing_currency)
ORDER BY billing_currency
