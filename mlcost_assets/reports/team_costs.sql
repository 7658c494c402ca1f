-- What each team's work cost in a month, with its parts of what is shared.
SELECT
    billing_period, team, project, stage, is_ml,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
    CAST(
        coalesce(sum(effective_cost) FILTER (method NOT IN ('proportional', 'telemetry')), 0) AS DECIMAL(28,10)
    ) AS direct_cost,
    CAST(
        coalesce(sum(effective_cost) FILTER (method IN ('proportional', 'telemetry')), 0) AS DECIMAL(28,10)
    ) AS shared_cost,
    billing_currency
FROM attributed_costs
WHERE billing_period = $billing_period
GROUP BY ALL
