-- What running it another way would save a month, and what is refused and why.
SELECT regexp_extract(resource_key, '[^/]*$') AS resource, scenario, target, current_cost, cost_expected, saving_low,
    saving_expected, saving_high, delayed_requests, failed_requests, basis, refused_because, billing_currency
FROM scenarios
WHERE list_contains(models, $named)
ORDER BY refused_because IS NOT NULL, saving_expected DESC NULLS LAST, resource_key, scenario, target
