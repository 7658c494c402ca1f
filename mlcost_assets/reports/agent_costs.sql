-- What each agent cost in a month, by what was billed. Pools are divided among models and teams, not among agents.
WITH home AS (
    SELECT agent, CASE WHEN count(DISTINCT team) = 1 THEN min(team) END AS team
    FROM attributed_costs
    WHERE billing_period = $billing_period AND agent IS NOT NULL
    GROUP BY agent
)

SELECT
    billing_period, attributed_costs.agent, home.team, environment, stage, service_code, service_name,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
    billing_currency
FROM attributed_costs
LEFT JOIN home ON home.agent = attributed_costs.agent
WHERE billing_period = $billing_period AND is_ml
GROUP BY ALL
