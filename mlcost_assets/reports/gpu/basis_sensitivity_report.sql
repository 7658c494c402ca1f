-- What each consumer of a shared machine pays by ours and by other bases, the widest dispute first.
SELECT billing_period, resource_key AS machine, instance_type, model, team, days, ours, aws_split_cost, opencost,
    fixed_weights, least_cost AS least, greatest_cost AS greatest,
    CAST(greatest_cost - least_cost AS DECIMAL(28,10)) AS spread, coalesce(told_by, unknown_because) AS told_by,
    billing_currency
FROM basis_sensitivity
WHERE list_contains($periods, billing_period) AND ($model IS NULL OR model = $model) AND ($team IS NULL OR team = $team)
ORDER BY billing_period, billing_currency, greatest_cost - least_cost DESC, ours DESC, machine, instance_type,
    model, team
