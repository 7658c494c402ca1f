-- What runs on machines of its own, and could run another way: the dearest first.
SELECT regexp_extract(resource_key, '[^/]*$') AS resource, array_to_string(models, ', ') AS models, team, environment,
    mode, array_to_string(instance_types, ', ') AS instance_types, current_cost, requests, first_day, last_day,
    billing_currency
FROM rented_machines
ORDER BY current_cost DESC, resource_key, billing_currency
