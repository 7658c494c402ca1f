-- Snapshots → lives and states of every resource: the same intervals whatever the order in which files landed.
--
-- Reads metadata_records for the ids in `touched_ids` (kind, id), and `kinds`. A life is told from another of the same
-- id by its creation time. Within a life of a settled kind (a job) the newest record holds throughout; otherwise a
-- state holds from when it was first seen (or from the change time it tells, if that lies after the last look) to the next.
WITH snapshot AS (
    SELECT
        kind, id, file, line, collected_at, account_id, region, tags, body, content, settled,
        first_time(body, changed) AS changed_at,
        first_time(body, ended) AS told_end,
        json_extract_string(body, kinds.name) AS name,
        CASE WHEN one_life THEN min(first_time(body, created)) OVER (PARTITION BY kind, id) ELSE first_time(body, created) END AS told_begin
    FROM metadata_records
    JOIN touched_ids USING (kind, id)
    JOIN kinds USING (kind)
    WHERE NOT observation
),

-- A record without a creation time is of the life told before it.
lived AS (
    SELECT *, dense_rank() OVER (PARTITION BY kind, id ORDER BY begin NULLS FIRST) AS life
    FROM (
        SELECT * EXCLUDE (told_begin), coalesce(
            told_begin,
            last_value(told_begin IGNORE NULLS) OVER (PARTITION BY kind, id ORDER BY collected_at, content, file, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
            first_value(told_begin IGNORE NULLS) OVER (PARTITION BY kind, id ORDER BY collected_at, content, file, line ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        ) AS begin
        FROM snapshot
    )
),

-- Runs of equal content are one state; a settled life is one state with its newest content.
marked AS (
    SELECT *,
        max(collected_at) OVER life_order AS seen_before,
        coalesce(settled, false) OR content IS NOT DISTINCT FROM lag(content) OVER (PARTITION BY kind, id, life ORDER BY collected_at, content, file, line) AS continues
    FROM lived
    WINDOW life_order AS (PARTITION BY kind, id, life ORDER BY collected_at, content, file, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),

numbered AS (
    SELECT *, count(*) FILTER (NOT continues) OVER (PARTITION BY kind, id, life ORDER BY collected_at, content, file, line) AS state_number
    FROM marked
),

state AS (
    SELECT
        kind, id, life, state_number, begin,
        arg_max(account_id, (collected_at, content)) AS account_id,
        arg_max(region, (collected_at, content)) AS region,
        arg_max(name, (collected_at, content)) AS name,
        arg_max(tags, (collected_at, content)) FILTER (tags IS NOT NULL) AS tags,
        arg_max(body, (collected_at, content)) AS body,
        max(told_end) AS told_end,
        min(collected_at) AS first_seen,
        max(collected_at) AS last_seen_at,
        arg_min(CASE WHEN changed_at > seen_before AND changed_at <= collected_at THEN changed_at ELSE collected_at END, (collected_at, content, file, line)) AS seen_from,
        -- The record that first told this state; of a settled life, the newest, whose body it shows.
        CASE WHEN bool_or(settled) THEN arg_max(file || ':' || line, (collected_at, content, file, line))
             ELSE arg_min(file || ':' || line, (collected_at, content, file, line)) END AS source
    FROM numbered
    GROUP BY ALL
),

bounded AS (
    SELECT *,
        CASE WHEN state_number = min(state_number) OVER (PARTITION BY kind, id, life) THEN coalesce(begin, seen_from) ELSE seen_from END AS valid_from,
        max(told_end) OVER (PARTITION BY kind, id, life) AS own_end,
        -- The next life of the same id ends this one.
        min(begin) OVER (PARTITION BY kind, id ORDER BY life RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_life
    FROM state
)

SELECT
    id, CAST(life AS INTEGER) AS life, kind,
    resource_key(id, NULL, NULL, region, account_id) AS resource_key,
    account_id, region, name, valid_from,
    coalesce(lead(valid_from) OVER (PARTITION BY kind, id, life ORDER BY state_number), own_end, next_life) AS valid_to,
    coalesce(begin, min(valid_from) OVER (PARTITION BY kind, id, life)) AS created_at,
    coalesce(own_end, next_life) AS ended_at,
    tags, body, source, last_seen_at
FROM bounded
