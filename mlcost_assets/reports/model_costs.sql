-- What each model cost in a month, with its parts of what is shared.
WITH home AS (
    SELECT model,
        CASE WHEN count(DISTINCT project) = 1 THEN min(project) END AS project,
        CASE WHEN count(DISTINCT team) = 1 THEN min(team) END AS team
    FROM attributed_costs
    WHERE billing_period = $billing_period AND model IS NOT NULL
    GROUP BY model
)

SELECT
    billing_period, attributed_costs.model, home.project, home.team, environment, stage,
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
LEFT JOIN home ON home.model = attributed_costs.model
WHERE billing_period = $billing_period AND is_ml
GROUP BY ALL
