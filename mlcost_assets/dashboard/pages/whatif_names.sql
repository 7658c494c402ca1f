-- Names of resources and models that can be asked about, the dearest first.
SELECT name
FROM (
    SELECT regexp_extract(resource_key, '[^/]*$') AS name, current_cost
    FROM rented_machines
    UNION ALL
    SELECT unnest(models), current_cost
    FROM rented_machines
)
GROUP BY name
ORDER BY max(current_cost) DESC, name
LIMIT 200
