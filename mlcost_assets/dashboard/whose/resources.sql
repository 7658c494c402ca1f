-- Resources that are those teams' alone.
SELECT resource_id
FROM shown.parts
WHERE resource_id IS NOT NULL
GROUP BY resource_id
HAVING bool_and(is_seen)
