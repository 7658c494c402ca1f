-- The keys of those resources; of several that share a key, all have to be the teams'.
SELECT resource_key
FROM lake.internal.billed_things
WHERE names_resource AND resource_key IS NOT NULL
GROUP BY resource_key
HAVING bool_and(coalesce(resource_id IN (FROM shown.resources), false))
