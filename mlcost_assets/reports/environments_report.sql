-- What each environment cost, by team.
SELECT billing_period, environment, team, is_ml,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS at_list_price, billing_currency
FROM environment_costs
WHERE list_contains($periods, billing_period) AND ($environment IS NULL OR environment = $environment)
    AND ($team IS NULL OR team = $team)
GROUP BY billing_period, environment, team, is_ml, billing_currency
ORDER BY billing_period, billing_currency, sum(effective_cost) DESC, environment, team, is_ml
