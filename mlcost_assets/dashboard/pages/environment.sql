-- What an environment cost in the month, by team, model and stage.
SELECT team, model, stage, is_ml, CAST(sum(amount) AS DECIMAL(28,10)) AS cost, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM attributed_costs
    WHERE billing_period = $period AND environment = $named
)
GROUP BY team, model, stage, is_ml, billing_currency
ORDER BY cost DESC, team, model, stage, is_ml, billing_currency
