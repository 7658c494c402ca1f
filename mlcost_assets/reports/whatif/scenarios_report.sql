-- What each resource would save, the greatest expected saving first; its refused scenarios last, with their reasons.
-- The last full day may be the one before the first of the newest month.
SELECT regexp_extract(resource_key, '[^/]*$') AS resource, array_to_string(models, ', ') AS model, team, environment,
    scenario, target, current_cost AS cost, saving_low, saving_expected, saving_high, delayed_requests, failed_requests,
    basis, refused_because, billing_currency
FROM scenarios
WHERE (list_contains($periods, strftime(last_day, '%Y-%m')) OR list_contains($periods, strftime(last_day + 1, '%Y-%m')))
    AND ($model IS NULL OR list_contains(models, $model)) AND ($team IS NULL OR team = $team)
ORDER BY billing_currency, max(saving_expected) OVER (PARTITION BY resource_key, billing_currency) DESC NULLS LAST,
    resource_key, rank NULLS LAST, scenario, target
