-- Months in which the costs of gpu_traffic are not the inference that gpu_usage tells: of the organisation all of it,
-- of teams what has a team.
WITH used AS (
    SELECT billing_period, billing_currency, unnest(['organisation', 'team']) AS scope,
        unnest([inference_cost, CASE WHEN team IS NOT NULL THEN inference_cost ELSE 0 END]) AS cost
    FROM gpu_usage
    WHERE list_contains($periods, billing_period)
),

whole AS (
    SELECT billing_period, billing_currency, scope, sum(cost) AS cost FROM used GROUP BY ALL
),

told AS (
    SELECT billing_period, billing_currency, scope, sum(effective_cost) AS cost
    FROM gpu_traffic
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
)

SELECT billing_period, scope, billing_currency,
    CAST(coalesce(told.cost, 0) - coalesce(whole.cost, 0) AS DECIMAL(28,10)) AS off_by
FROM whole
FULL JOIN told USING (billing_period, billing_currency, scope)
WHERE coalesce(told.cost, 0) <> coalesce(whole.cost, 0)
ORDER BY ALL
