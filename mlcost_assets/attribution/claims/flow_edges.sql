-- lineage_edges → which dimension flows from what to what.
--
-- Reads the temporary table flows (relation, dimension, up, keep, timed, single, weak).
WITH related AS (
    SELECT edge.*, flows.dimension, flows.up, flows.keep, flows.timed, flows.single, flows.weak,
        count(DISTINCT to_id) OVER (PARTITION BY from_id, edge.relation) AS siblings
    FROM (
        SELECT DISTINCT ON (from_id, to_id, relation, valid_from, valid_to) * FROM lineage_edges
        ORDER BY from_id, to_id, relation, valid_from, valid_to, source, detail
    ) AS edge
    JOIN flows USING (relation)
)

SELECT
    CASE WHEN up THEN to_id ELSE from_id END AS from_id,
    CASE WHEN up THEN from_id ELSE to_id END AS to_id,
    relation, dimension, keep, timed, weak, valid_from, coalesce(valid_to, always_to()) AS valid_to,
    -- With the time from which it held, as the evidence shows a hop.
    CASE WHEN valid_from > always_from() THEN strftime(valid_from, '%Y-%m-%d %H:%M, ') ELSE '' END || source AS source,
    short_name(related.from_id) || ' ' || replace(relation, '_', ' ') || ' ' || short_name(related.to_id) AS label
FROM related
WHERE NOT (single AND siblings > 1 AND dimension IN ('model', 'experiment', 'pipeline'))
