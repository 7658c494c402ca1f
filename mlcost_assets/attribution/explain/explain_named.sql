-- The resources that $named says: exactly, else those whose id or key ends with it.
-- Or the evidence of rows of attributed_costs.
WITH known AS (
    SELECT DISTINCT resource_id, resource_key FROM billed_things WHERE names_resource
    UNION
    SELECT id, resource_key
    FROM resource_history
    WHERE resource_key NOT IN (SELECT resource_key FROM billed_things WHERE names_resource)
),

ranked AS (
    SELECT *,
        CASE
            WHEN resource_id = $named OR resource_key = $named THEN 1
            WHEN ends_with(resource_id, '/' || $named) OR ends_with(resource_id, ':' || $named)
                OR ends_with(resource_key, '/' || $named) OR ends_with(resource_key, ':' || $named) THEN 2
        END AS rank
    FROM known
)

SELECT min(resource_id) AS resource_id, resource_key, NULL AS evidence_id
FROM ranked
WHERE rank = (SELECT min(rank) FROM ranked)
GROUP BY resource_key
UNION ALL
SELECT DISTINCT evidence_id, NULL, evidence_id FROM attributed_costs WHERE evidence_id = $named
ORDER BY resource_id
