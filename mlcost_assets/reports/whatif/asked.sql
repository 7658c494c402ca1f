-- The scenarios of some resources. Those that the table `scenarios` lacks need what the user tells. A model has many
-- prefixes and log groups: why nothing can be saved there is told to whoever asks for it.
SELECT regexp_extract(resource_key, '[^/]*$') AS resource, scenario, target, first_day, last_day, current_cost,
    cost_low, cost_expected, cost_high, saving_low, saving_expected, saving_high, one_off, months_to_pay_back,
    delayed_requests, failed_requests, basis, refused_because, assumptions, billing_currency
FROM scenarios
WHERE list_has_any(resources, CAST($keys AS VARCHAR[])) AND ($scenario IS NULL OR scenario = $scenario)
    AND ($scenario IS NOT NULL OR refused_because IS NULL OR scenario NOT IN ('storage-class', 'log-retention'))
ORDER BY billing_currency, resource_key, rank NULLS LAST, scenario, target
