-- lineage_edges and the callers' → which dimension flows from what to what.
--
-- Reads the temporary tables caller_edges and flows (relation, dimension, up, keep, timed, single, weak). `voices`: how
-- many things must say the same of what they give to (the artifacts of a model's containers, where there are several,
-- all that use what an agent uses, and all who call an API that nobody else tells of); else 1.
WITH stated AS (
    SELECT from_id, to_id, relation, valid_from, valid_to, source, detail FROM lineage_edges
    UNION ALL BY NAME
    FROM caller_edges
),

edge AS (
    SELECT DISTINCT ON (from_id, to_id, relation, valid_from, valid_to) *, coalesce(valid_to, always_to()) AS ends
    FROM stated
    ORDER BY from_id, to_id, relation, valid_from, valid_to, source, detail
),

-- Of a relation that holds for a time, what stands beside it at that time.
beside AS (
    SELECT edge.from_id, edge.relation, edge.valid_from, edge.ends, count(DISTINCT other.to_id) AS siblings
    FROM edge
    JOIN edge AS other ON other.from_id = edge.from_id AND other.relation = edge.relation
        AND other.valid_from < edge.ends AND other.ends > edge.valid_from
    WHERE edge.relation IN (SELECT relation FROM flows WHERE timed AND single)
    GROUP BY ALL
),

-- An agent's name goes only to what nobody else uses.
together AS (
    SELECT relation, to_id, count(DISTINCT from_id) AS users
    FROM edge
    WHERE relation IN (SELECT relation FROM flows WHERE dimension = 'agent' AND NOT up)
    GROUP BY ALL
),

related AS (
    SELECT edge.*, flows.dimension, flows.up, flows.keep, flows.timed, flows.single, flows.weak,
        coalesce(
            beside.siblings, count(DISTINCT edge.to_id) OVER (PARTITION BY edge.from_id, edge.relation)
        ) AS siblings,
        coalesce(together.users, 1) AS users
    FROM edge
    JOIN flows USING (relation)
    LEFT JOIN together ON together.relation = edge.relation AND together.to_id = edge.to_id
        AND flows.dimension = 'agent' AND NOT flows.up
    LEFT JOIN beside ON beside.from_id = edge.from_id AND beside.relation = edge.relation
        AND beside.valid_from = edge.valid_from AND beside.ends = edge.ends
),

ours AS (
    SELECT account_id FROM billed_things
    UNION
    SELECT account_id FROM resource_history
),

-- Buckets that the organisation lists, pays for, or writes in.
bucket AS (
    SELECT regexp_extract(resource_key, '^arn:[^:]+:s3:::(.+)$', 1) AS bucket FROM billed_things
    UNION
    SELECT regexp_extract(resource_key, '^arn:[^:]+:s3:::(.+)$', 1) FROM resource_history WHERE kind = 's3:ListBuckets'
    UNION
    SELECT regexp_extract(to_id, '^s3a?://([^/]+)', 1) FROM lineage_edges WHERE relation IN ('produced', 'writes')
    UNION
    SELECT json_extract_string(body, '$.Bucket') FROM metadata_records WHERE kind = 's3:PrefixUsage'
),

-- What others made (JumpStart's artifacts, a vendor's model package, public data): who uses it says nothing of it.
of_others AS (
    SELECT DISTINCT to_id
    FROM related
    WHERE starts_with(to_id, 's3') AND regexp_extract(to_id, '^s3a?://([^/]+)', 1) NOT IN (
        SELECT bucket FROM bucket WHERE bucket IS NOT NULL
    )
        OR regexp_matches(to_id, '^arn:[^:]+:(sagemaker|bedrock):[^:]*:[0-9]{12}:')
        AND regexp_extract(to_id, '^arn:[^:]+:[^:]+:[^:]*:([0-9]{12}):', 1) NOT IN (
            SELECT account_id FROM ours WHERE account_id IS NOT NULL
        )
)

SELECT
    CASE WHEN up THEN to_id ELSE from_id END AS from_id,
    CASE WHEN up THEN from_id ELSE to_id END AS to_id,
    relation, dimension, keep, timed, weak, valid_from, ends AS valid_to,
    CASE
        WHEN relation = 'asked_by' THEN siblings
        WHEN single AND (up OR NOT weak) AND dimension IN ('model', 'experiment', 'pipeline') THEN siblings
        ELSE users END AS voices,
    -- With the time from which it held, as the evidence shows a hop.
    CASE WHEN valid_from > always_from() THEN strftime(valid_from, '%Y-%m-%d %H:%M, ') ELSE '' END || source AS source,
    short_name(related.from_id) || ' ' || replace(relation, '_', ' ') || ' ' || short_name(related.to_id) AS label
FROM related
WHERE (up OR weak OR NOT (single AND siblings > 1 AND dimension IN ('model', 'experiment', 'pipeline')))
    AND (up OR relation NOT IN ('loads', 'deploys', 'reads') OR to_id NOT IN (SELECT to_id FROM of_others))
    -- What is written to a bucket as a whole, or read from it, has nothing in common.
    AND NOT (weak AND regexp_full_match(related.to_id, 's3a?://[^/]+/?'))
