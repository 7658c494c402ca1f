-- What each model cost in the month, fully loaded.
SELECT model, min(team) AS team,
    CAST(sum(amount) AS DECIMAL(28,10)) AS cost,
    CAST(coalesce(sum(amount) FILTER (stage IN ('training', 'tuning', 'experimentation')), 0) AS DECIMAL(28,10))
        AS training,
    CAST(coalesce(sum(amount) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference,
    CAST(coalesce(sum(amount) FILTER (stage NOT IN ('training', 'tuning', 'experimentation', 'inference')), 0)
        AS DECIMAL(28,10)) AS all_else, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM model_costs
    WHERE billing_period = $period AND ($team IS NULL OR team = $team)
        AND ($environment IS NULL OR environment = $environment) AND ($stage IS NULL OR stage = $stage)
)
GROUP BY model, billing_currency
ORDER BY cost DESC, model, billing_currency
