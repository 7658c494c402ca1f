-- What each team's work cost in the month, ML and the rest.
SELECT team, CAST(sum(amount) AS DECIMAL(28,10)) AS cost,
    CAST(coalesce(sum(amount) FILTER (is_ml), 0) AS DECIMAL(28,10)) AS ml,
    CAST(coalesce(sum(amount) FILTER (is_ml AND stage = 'experimentation'), 0) AS DECIMAL(28,10)) AS experiments,
    CAST(coalesce(sum(amount) FILTER (is_ml AND stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference,
    CAST(coalesce(sum(amount) FILTER (NOT is_ml), 0) AS DECIMAL(28,10)) AS not_ml, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM team_costs
    WHERE billing_period = $period
)
GROUP BY team, billing_currency
ORDER BY cost DESC, team, billing_currency
