-- What each environment cost in the month, ML and the rest.
SELECT environment, is_ml, CAST(sum(amount) AS DECIMAL(28,10)) AS cost, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM environment_costs
    WHERE billing_period = $period AND ($team IS NULL OR team = $team)
)
GROUP BY environment, is_ml, billing_currency
ORDER BY cost DESC, environment, is_ml, billing_currency
