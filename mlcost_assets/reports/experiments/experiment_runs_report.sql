-- What experimenting was billed for, dearest first.
SELECT short_name(resource_key) AS run, account_id, experiment, team, model, stage,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    state, became_deployed, deployed_as, why_not,
    min(billing_period) AS first_month, max(billing_period) AS last_month, billing_currency
FROM experiment_runs
WHERE list_contains($periods, billing_period) AND ($team IS NULL OR team = $team)
    AND ($experiment IS NULL OR experiment = $experiment) AND ($model IS NULL OR model = $model)
GROUP BY resource_key, account_id, experiment, team, model, stage, state, became_deployed, deployed_as, why_not,
    billing_currency
ORDER BY billing_currency, sum(effective_cost) DESC, resource_key, account_id, experiment, team, model, stage
