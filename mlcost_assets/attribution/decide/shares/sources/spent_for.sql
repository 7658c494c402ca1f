-- What is spent for something else (a disk for its instance, a balancer for its targets, a log group for its endpoint)
-- and is nobody's by name: goes where that goes. Reads the temporary table paying_relations.
WITH spent AS (
    SELECT CASE WHEN up THEN from_id ELSE to_id END AS resource_key,
        CASE WHEN up THEN to_id ELSE from_id END AS consumer_key,
        keep, relation, valid_from, valid_to, source
    FROM lineage_edges
    JOIN paying_relations USING (relation)
),

-- A disk that was detached and deleted with its instance still belongs to it;
-- only a later attachment ends an earlier one.
lasting AS (
    SELECT resource_key, consumer_key, relation, max(keep) AS keep, min(source) AS source,
        min(valid_from) AS first_from, max(coalesce(valid_to, always_to())) AS last_to
    FROM spent WHERE resource_key <> consumer_key
    GROUP BY resource_key, consumer_key, relation
)

SELECT resource_key, NULL AS instance_type, consumer_key, 1.0 AS weight,
    CASE
        WHEN first_from = min(first_from) OVER (PARTITION BY resource_key) THEN always_from()
        ELSE first_from END AS valid_from,
    CASE WHEN last_to = max(last_to) OVER (PARTITION BY resource_key) THEN always_to() ELSE last_to END AS valid_to,
    CASE relation WHEN 'node_of' THEN 'node without pods' ELSE 'spent for' END AS kind, [source] AS sources,
    relation, keep
FROM lasting
WHERE NOT EXISTS (
    FROM owners
    WHERE owners.resource_key = lasting.resource_key
        AND owners.source IN ('rule', 'identity', 'bill_tag', 'resource_tag')
    -- Whose a node's time without pods is, its own tags know better than its cluster's.
    AND (owners.dimension = 'model' OR relation = 'node_of' AND owners.dimension IN ('team', 'project')))
