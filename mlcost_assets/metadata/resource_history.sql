-- Sightings → lives and states of every resource: the same intervals whatever the order in which files landed.
--
-- Reads sightings for the ids in `touched_ids` (kind, id), metadata_looks, and the records' bodies. A life is
-- told from another of the same id by its creation time. Within a life of a settled kind (a job) the newest
-- record holds throughout; otherwise a state holds from when it was first seen (or from the change time it tells,
-- if that lies after the last look) to the next. A life ends when it says so, else when a complete look missed
-- it, at the latest when the id is used again.
WITH sighting AS (
    SELECT sightings.* EXCLUDE (created_at, ended_at),
        CASE WHEN one_life THEN min(created_at) OVER (PARTITION BY kind, id) ELSE created_at END AS told_begin,
        ended_at AS told_end
    FROM sightings
    JOIN touched_ids USING (kind, id)
),

-- A record without a creation time is of the life told before it.
lived AS (
    SELECT *, dense_rank() OVER (PARTITION BY kind, id ORDER BY begin NULLS FIRST) AS life
    FROM (
        SELECT * EXCLUDE (told_begin), coalesce(
            told_begin,
            last_value(told_begin IGNORE NULLS) OVER (
                PARTITION BY kind, id
                ORDER BY collected_at, content, file, line ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ),
            first_value(told_begin IGNORE NULLS) OVER (
                PARTITION BY kind, id
                ORDER BY collected_at, content, file, line ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            )
        ) AS begin
        FROM sighting
    )
),

-- Runs of equal content are one state; so is a settled life, and what is told of a life after its end.
marked AS (
    SELECT *,
        max(collected_at) OVER life_order AS seen_before,
        coalesce(settled OR collected_at >= own_end, false)
            OR content IS NOT DISTINCT FROM lag(content) OVER (
                PARTITION BY kind, id, life ORDER BY collected_at, content, file, line
            ) AS continues
    FROM (
        SELECT *,
            max(
                CASE WHEN told_end >= begin OR begin IS NULL THEN told_end END
            ) OVER (PARTITION BY kind, id, life) AS own_end
        FROM lived
    )
    WINDOW life_order AS (
        PARTITION BY kind, id, life
        ORDER BY collected_at, content, file, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),

numbered AS (
    SELECT *,
        count(*) FILTER (NOT continues) OVER (
            PARTITION BY kind, id, life ORDER BY collected_at, content, file, line
        ) AS state_number
    FROM marked
),

state AS (
    SELECT
        kind, id, life, state_number, begin, own_end,
        arg_max(account_id, (collected_at, content, file, line)) AS account_id,
        arg_max(region, (collected_at, content, file, line)) AS region,
        min(collected_at) AS first_seen,
        max(collected_at) AS last_seen_at,
        arg_min(
            CASE WHEN changed_at > seen_before AND changed_at <= collected_at THEN changed_at ELSE collected_at END,
            (collected_at, content, file, line)
        ) AS seen_from,
        arg_max({'file': file, 'line': line}, (collected_at, content, file, line)) AS newest,
        arg_max({'file': file, 'line': line}, (collected_at, content, file, line)) FILTER (has_tags) AS tagged,
        -- The record that first told this state; of a settled life, the newest, whose body it shows.
        CASE WHEN bool_or(settled) THEN arg_max(file || ':' || line, (collected_at, content, file, line))
             ELSE arg_min(file || ':' || line, (collected_at, content, file, line)) END AS source
    FROM numbered
    GROUP BY ALL
),

lifetime AS (
    SELECT kind, id, life, any_value(begin) AS begin, any_value(own_end) AS own_end, min(seen_from) AS seen_from,
        max(last_seen_at) AS last_seen_at,
        arg_max(account_id, (last_seen_at, state_number)) AS account_id,
        arg_max(region, (last_seen_at, state_number)) AS region
    FROM state
    GROUP BY kind, id, life
),

-- The first complete look after a life was last seen: of its region or of the whole
-- account, of all its kind or of its cluster.
missed AS (
    SELECT life.kind, life.id, life.life, min(looks.started_at) AS missed_at
    FROM (
        SELECT *, unnest(list_distinct(['', region])) AS looked_in,
            unnest(
                CASE WHEN starts_with(kind, 'k8s:') THEN ['', regexp_replace(id, '/[^/]*/[^/]*$', '')] ELSE [''] END
            ) AS scope
        FROM lifetime
    ) AS life
    ASOF JOIN (
        SELECT * FROM metadata_looks WHERE complete AND NOT incremental
    ) AS looks
        ON looks.kind = life.kind AND looks.account_id = life.account_id AND looks.region = life.looked_in
            AND looks.scope = life.scope
        AND looks.started_at > life.last_seen_at
    GROUP BY ALL
),

ended AS (
    SELECT kind, id, life, coalesce(begin, seen_from) AS created_at,
        least(coalesce(own_end, missed_at), lead(begin) OVER (PARTITION BY kind, id ORDER BY life)) AS ended_at
    FROM lifetime
    LEFT JOIN missed USING (kind, id, life)
),

bounded AS (
    SELECT state.*, ended.created_at, ended.ended_at,
        CASE
            WHEN state_number = min(state_number) OVER (PARTITION BY kind, id, life) THEN ended.created_at
            ELSE greatest(seen_from, ended.created_at) END AS valid_from
    FROM state
    JOIN ended USING (kind, id, life)
),

closed AS (
    SELECT *,
        least(lead(valid_from) OVER (PARTITION BY kind, id, life ORDER BY state_number), ended_at) AS valid_to,
        count(*) OVER (PARTITION BY kind, id, life) AS states
    FROM bounded
)

SELECT
    closed.id, CAST(life AS INTEGER) AS life, closed.kind,
    resource_key(closed.id, kinds.billed_by, NULL, closed.region, closed.account_id) AS resource_key,
    closed.account_id, closed.region,
    json_extract_string(whole_answer(record.body, kinds.wrapped_in), kinds.name) AS name,
    valid_from, valid_to, created_at, ended_at, tagged_record.tags,
    whole_answer(record.body, kinds.wrapped_in) AS body, source, last_seen_at,
    tagged.file || ':' || tagged.line AS tags_source, first_seen AS first_seen_at
FROM closed
JOIN kinds ON kinds.kind = closed.kind
JOIN metadata_records AS record ON record.file = newest.file AND record.line = newest.line
LEFT JOIN metadata_records AS tagged_record ON tagged_record.file = tagged.file AND tagged_record.line = tagged.line
-- Two records of the same moment that differ: the later in order holds.
WHERE valid_to IS NULL OR valid_from < valid_to OR states = 1
