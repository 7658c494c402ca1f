-- The stage that a resource's place in the graph tells, where it says more than its usage type (CONTRACT §6.4).
SELECT resource_key, min_by(stage, rank) AS stage
FROM (
    SELECT from_id AS resource_key, 'tuning' AS stage, 1 AS rank FROM lineage_edges WHERE relation = 'tuned_by'
    UNION ALL
    SELECT from_id, 'experimentation', 2 FROM lineage_edges WHERE relation = 'part_of'
    UNION ALL
    SELECT to_id, 'experimentation', 2 FROM lineage_edges WHERE relation = 'describes'
    UNION ALL
    SELECT from_id, 'evaluation', 3 FROM lineage_edges WHERE relation = 'evaluates'
)
GROUP BY resource_key
