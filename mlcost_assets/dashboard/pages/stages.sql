-- What a model cost in the month, by stage and environment.
SELECT stage, environment, team, CAST(sum(amount) AS DECIMAL(28,10)) AS cost,
    CAST(sum(direct_cost) AS DECIMAL(28,10)) AS effective_of_its_own,
    CAST(sum(shared_cost) AS DECIMAL(28,10)) AS effective_of_what_is_shared, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM model_costs
    WHERE billing_period = $period AND model = $named
)
GROUP BY stage, environment, team, billing_currency
ORDER BY cost DESC, stage, environment, billing_currency
