-- What runs for nobody, the dearest first; what waits on purpose last.
SELECT kind, coalesce(name, short_name(resource_key)) || coalesce(' ' || part, '') AS resource, degree, team, model,
    environment, last_person, CAST(since AS DATE) AS since, cost_so_far, cost_per_month, saved_per_month,
    billing_currency, confidence, evidence, source, by_design_because AS by_design, how_to_stop, schedule, cost_basis,
    account_id, resource_key
FROM idle_resources
WHERE ($team IS NULL OR team = $team) AND ($model IS NULL OR model = $model)
    AND ($environment IS NULL OR environment = $environment) AND len($periods) > 0
ORDER BY idle_resources.by_design, still_exists DESC, saved_per_month DESC NULLS LAST, cost_per_month DESC NULLS LAST,
    cost_so_far DESC NULLS LAST, idle_resources.resource_key, kind, part NULLS FIRST
