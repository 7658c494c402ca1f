-- How tags changed over time: values renamed, teams reorganised, keys changed, tags that came after the fact.
--
-- What was written is followed in the bill and on the resource (by its API) apart. Reads
-- the temporary table workloads (rules.yaml).
WITH written AS (
    SELECT 'bill' AS seen_in, resource_key, tag.key AS tag_key, tag.value AS tag_value, min(first_date) AS first_day,
        max(last_date) AS last_day
    FROM tag_carriers
    JOIN (
        SELECT DISTINCT tag_set, unnest(map_entries(tags)) AS tag FROM bill_tag_sets
    ) AS tagged USING (tag_set)
    WHERE resource_key IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT 'api', resource_key, tag.key, tag.value, CAST(min(valid_from) AS DATE), CAST(max(last_seen_at) AS DATE)
    FROM (
        SELECT resource_key, valid_from, last_seen_at, unnest(map_entries(tags)) AS tag FROM resource_history
    )
    GROUP BY ALL
),

spoken AS (
    SELECT written.*, tag_values.dimension, tag_values.canonical_value AS value
    FROM written
    JOIN tag_values USING (tag_key, tag_value)
    WHERE dimension IS NOT NULL AND canonical_value IS NOT NULL
        AND NOT regexp_matches(tag_key, '^(accountTag|iamPrincipal|userAttribute)/')
),

billed AS (
    SELECT resource_key, min(first_date) AS first_day, max(last_date) AS last_day,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM tag_carriers WHERE resource_key IS NOT NULL
    GROUP BY resource_key
),

followed AS (
    SELECT *,
        lag(struct_pack(tag_key, tag_value, value, first_day, last_day)) OVER (
            PARTITION BY seen_in, resource_key, dimension ORDER BY first_day, last_day, tag_key, tag_value
        ) AS before
    FROM spoken
),

-- Two that stand side by side are no change; neither is what was written on one day.
changed AS (
    SELECT *
    FROM followed
    WHERE before.first_day < first_day AND before.last_day <= first_day
        AND (before.value <> value OR before.tag_key <> tag_key)
),

lives AS (
    SELECT dimension, value, min(first_day) AS first_day, max(last_day) AS last_day
    FROM spoken
    GROUP BY dimension, value
),

change AS (
    SELECT seen_in, changed.dimension, before.tag_key AS key_before, tag_key, before.value AS value_before,
        changed.value, resource_key, changed.first_day AS day,
        CASE
            WHEN before.value = changed.value THEN 'key changed'
            -- Nobody is called so any more, and nobody was called the new name before.
            WHEN old.last_day <= min(changed.first_day) OVER pair + 7
                AND new.first_day >= min(changed.first_day) OVER pair
                THEN 'value renamed'
            WHEN changed.dimension = 'team' THEN 'team reorganised'
            ELSE 'value changed'
        END AS kind
    FROM changed
    JOIN lives AS old ON old.dimension = changed.dimension AND old.value = before.value
    JOIN lives AS new ON new.dimension = changed.dimension AND new.value = changed.value
    WINDOW pair AS (PARTITION BY changed.dimension, before.value, changed.value)
),

-- A resource that was billed before it had the tag: activation and tagging are not retroactive.
first_written AS (
    SELECT seen_in, resource_key, dimension, min(first_day) AS day, arg_min(tag_key, (first_day, tag_key)) AS tag_key,
        arg_min(value, (first_day, tag_key)) AS value
    FROM spoken GROUP BY seen_in, resource_key, dimension
),

late AS (
    SELECT first_written.seen_in, dimension, NULL AS key_before, tag_key, NULL AS value_before, value, resource_key,
        day, 'tag came late' AS kind
    FROM first_written
    JOIN billed USING (resource_key)
    WHERE day > billed.first_day
    UNION ALL
    SELECT 'api', said.dimension, NULL, said.tag_key, NULL, said.value, resource_key, said.day, 'not in the bill yet'
    FROM first_written AS said
    JOIN billed USING (resource_key)
    WHERE said.seen_in = 'api' AND billed.last_day >= said.day
        AND NOT EXISTS (
            FROM first_written AS shown
            WHERE shown.seen_in = 'bill' AND shown.resource_key = said.resource_key AND shown.dimension = said.dimension
        )
),

-- What rules.yaml says of a model's team, from when to when.
registered AS (
    SELECT model, team, since, lag(team) OVER (PARTITION BY model ORDER BY since NULLS FIRST) AS team_before
    FROM workloads WHERE model IS NOT NULL AND team IS NOT NULL
)

SELECT kind, seen_in, dimension, key_before, tag_key, value_before, value,
    count(DISTINCT resource_key) AS resources, min(day) AS first_day, max(day) AS last_day,
    CAST(coalesce(sum(billed.effective_cost), 0) AS DECIMAL(28,10)) AS effective_cost,
    CASE kind
        WHEN 'value renamed' THEN value_before || ' is written no more, ' || value
            || ' was not written before: one under another name? If so: tags.values in rules.yaml'
        WHEN 'team reorganised' THEN 'resources went from ' || value_before || ' to ' || value
            || '; costs follow the day, give workloads in rules.yaml a validity if they should not'
        WHEN 'value changed' THEN 'resources went from ' || value_before || ' to ' || value
        WHEN 'key changed' THEN key_before || ' was replaced by ' || tag_key
        WHEN 'tag came late' THEN 'was billed before it had the tag; the bill shows it from then on only'
        ELSE 'stands on the resource, not in the bill: activate ' || tag_key
            || ' for cost allocation; it will show from then on only'
    END AS note
FROM (
    FROM change
    UNION ALL
    FROM late
)
LEFT JOIN billed USING (resource_key)
GROUP BY ALL
UNION ALL
SELECT 'team reorganised', 'rules.yaml', 'team', NULL, NULL, team_before, team, count(DISTINCT model), min(since),
    max(since), 0,
    'rules.yaml moves ' || string_agg(DISTINCT model, ', ' ORDER BY model) || ' from ' || team_before || ' to ' || team
FROM registered
WHERE team_before <> team AND since IS NOT NULL
GROUP BY team_before, team
