-- The months that are not fully billed: what is billed of them, and what is estimated since, side by side.
WITH bill AS (
    SELECT billing_account_id, max(billed_until) AS billed_until, max(as_of) AS as_of
    FROM live_costs
    GROUP BY billing_account_id
),

told AS (
    SELECT billing_period, model, team, environment, billing_currency, billed_until, as_of,
        effective_cost AS billed_cost, CAST(NULL AS DECIMAL(28,10)) AS estimated_cost,
        CAST(NULL AS DECIMAL(28,10)) AS last_hour_cost, CAST(NULL AS VARCHAR) AS basis, 0 AS unknown_resources
    FROM attributed_costs
    JOIN bill USING (billing_account_id)
    WHERE billing_period IN (SELECT live_costs.billing_period FROM live_costs) AND charge_date < billed_until
    UNION ALL
    SELECT billing_period, model, team, environment, billing_currency, billed_until, as_of, NULL, estimated_cost,
        CASE WHEN hour = date_trunc('hour', as_of - INTERVAL 1 HOUR) THEN estimated_cost END, basis,
        -- Those of the newest hour, which would count again in each.
        CASE WHEN unknown_because IS NOT NULL AND hour + INTERVAL 1 HOUR >= as_of THEN resources ELSE 0 END
    FROM live_costs
)

SELECT billing_period, model, team, environment,
    CAST(coalesce(sum(billed_cost), 0) AS DECIMAL(28,10)) AS billed_cost, min(billed_until) AS billed_until,
    CAST(sum(estimated_cost) AS DECIMAL(28,10)) AS estimated_cost, max(as_of) AS estimated_until,
    CAST(sum(last_hour_cost) AS DECIMAL(28,10)) AS last_hour_cost, sum(unknown_resources) AS unknown_resources,
    array_to_string(list_sort(list(DISTINCT basis) FILTER (basis IS NOT NULL)), ', ') AS basis,
    date_diff('hour', max(as_of), CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)) AS age_hours, billing_currency
FROM told
WHERE ($team IS NULL OR team = $team) AND ($model IS NULL OR model = $model)
    AND ($environment IS NULL OR environment = $environment) AND len($periods) > 0
GROUP BY billing_period, model, team, environment, billing_currency
ORDER BY billing_period DESC, last_hour_cost DESC NULLS LAST, billed_cost DESC, model NULLS LAST, team NULLS LAST,
    environment NULLS LAST, billing_currency
