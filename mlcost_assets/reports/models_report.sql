-- What each model cost, and how much of that its own resources and its serving are.
SELECT billing_period, model, min(team) AS team, environment,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    CAST(sum(direct_cost) AS DECIMAL(28,10)) AS of_its_own,
    CAST(sum(shared_cost) AS DECIMAL(28,10)) AS of_what_is_shared,
    CAST(coalesce(sum(effective_cost) FILTER (stage IN ('training', 'tuning', 'experimentation')), 0) AS DECIMAL(28,10))
        AS training,
    CAST(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS at_list_price, billing_currency
FROM model_costs
WHERE list_contains($periods, billing_period) AND ($model IS NULL OR model = $model)
    AND ($team IS NULL OR team = $team) AND ($environment IS NULL OR environment = $environment)
GROUP BY billing_period, model, environment, billing_currency
ORDER BY billing_period, billing_currency, sum(effective_cost) DESC, model, environment
