-- What of the drivers of $periods does not come to what it has to: the change of a scope is that of the bill, that of a
-- charge is the difference of its costs, and what changes hands comes from somebody. No rows when all is well.
WITH compared AS (
    FROM compared_days WHERE list_contains($periods, billing_period)
),

daily AS (
    SELECT billing_period, day(charge_date) AS day, billing_currency, sum(effective_cost) AS cost
    FROM attributed_costs
    WHERE billing_period IN (
        SELECT billing_period FROM compared
        UNION ALL
        SELECT period_before FROM compared
    )
    GROUP BY ALL
),

wanted AS (
    SELECT compared.billing_period, unnest(['total', 'model', 'team', 'environment']) AS scope, billing_currency,
        CAST(sum(CASE WHEN daily.billing_period = compared.billing_period THEN cost ELSE -cost END) AS DECIMAL(28,10))
            AS change
    FROM compared
    JOIN daily ON daily.billing_period IN (compared.billing_period, compared.period_before)
        AND (until_day IS NULL OR day <= until_day)
    GROUP BY compared.billing_period, billing_currency
),

made AS (
    SELECT *, coalesce(nullif(resource_id, ''), usage_type, service_code, 'what has no name') AS charge
    FROM cost_drivers
    WHERE list_contains($periods, billing_period)
),

summed AS (
    SELECT billing_period, scope, billing_currency, CAST(sum(change) AS DECIMAL(28,10)) AS change FROM made GROUP BY ALL
),

off AS (
    SELECT billing_period, scope, 'the change of the bill' AS what, billing_currency,
        coalesce(summed.change, 0) - coalesce(wanted.change, 0) AS off_by
    FROM wanted
    FULL JOIN summed USING (billing_period, scope, billing_currency)
    UNION ALL
    SELECT billing_period, scope, 'the change of ' || charge, billing_currency, change - (cost_after - cost_before)
    FROM (
        SELECT * EXCLUDE (driver, change, unexplained_because), sum(change) AS change FROM made GROUP BY ALL
    )
    UNION ALL
    SELECT billing_period, scope, 'what changed hands of ' || charge, billing_currency, sum(change)
    FROM made
    WHERE driver = 'attribution'
    GROUP BY billing_period, scope, charge, account_id, service_code, region_id, resource_id, usage_type, operation,
        charge_category, billing_currency
)

SELECT billing_period, scope, what, billing_currency, CAST(off_by AS DECIMAL(28,10)) AS off_by
FROM off
WHERE off_by <> 0
ORDER BY ALL
