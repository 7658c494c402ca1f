-- What each agent cost, by service; ML spend of no agent is left out.
SELECT billing_period, agent, team, environment, service_name AS service,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    CAST(sum(sum(effective_cost)) OVER (PARTITION BY billing_period, agent, billing_currency) AS DECIMAL(28,10))
        AS of_the_agent,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS at_list_price, billing_currency
FROM agent_costs
WHERE list_contains($periods, billing_period) AND agent IS NOT NULL AND ($agent IS NULL OR agent = $agent)
    AND ($team IS NULL OR team = $team) AND ($environment IS NULL OR environment = $environment)
GROUP BY billing_period, agent, team, environment, service_name, billing_currency
ORDER BY billing_period, billing_currency, of_the_agent DESC, agent, cost DESC, environment, service
