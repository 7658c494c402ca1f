-- What each team's work cost by project, ML and the rest.
SELECT billing_period, team, project, is_ml,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    CAST(sum(direct_cost) AS DECIMAL(28,10)) AS of_its_own,
    CAST(sum(shared_cost) AS DECIMAL(28,10)) AS of_what_is_shared,
    CAST(coalesce(sum(effective_cost) FILTER (stage = 'experimentation'), 0) AS DECIMAL(28,10)) AS experiments,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS at_list_price, billing_currency
FROM team_costs
WHERE list_contains($periods, billing_period) AND ($team IS NULL OR team = $team)
GROUP BY billing_period, team, project, is_ml, billing_currency
ORDER BY billing_period, billing_currency, sum(effective_cost) DESC, team, project, is_ml
