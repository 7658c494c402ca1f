-- Whose usage commitments covered, by model, team and environment.
SELECT billing_period, model, team, environment, covers, commitment_id, covered_list_cost AS covered_on_demand,
    used_cost AS used, unused_cost AS of_what_is_unused, savings, billing_currency
FROM commitment_benefits
WHERE list_contains($periods, billing_period) AND ($model IS NULL OR model = $model)
    AND ($team IS NULL OR team = $team) AND ($environment IS NULL OR environment = $environment)
ORDER BY billing_period, billing_currency, savings DESC, commitment_id, model, team, environment
