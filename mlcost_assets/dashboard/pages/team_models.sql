-- What the work of a team cost in the month, by model and project.
SELECT model, project, stage, is_ml, CAST(sum(amount) AS DECIMAL(28,10)) AS cost, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM attributed_costs
    WHERE billing_period = $period AND team = $named
)
GROUP BY model, project, stage, is_ml, billing_currency
ORDER BY cost DESC, model, project, stage, is_ml, billing_currency
