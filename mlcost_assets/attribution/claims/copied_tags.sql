-- Tags that were copied from a template: they name a model whose own resources never touched the tagged one
-- (docs/attribution.md#who-may-say-whose-a-resource-is).
--
-- Reads lineage_edges and the temporary tables claimed (direct claims only) and flow_edges. A tag is taken for copied
-- when its model has resources elsewhere, nothing near this resource but the tag speaks of that model, and at least two
-- things that are near, or one and what it is called itself, agree on one other model, and not by names alone: people
-- rename models and keep endpoints. Names of which one contains the other are no contradiction. A set of tags is judged
-- as one: what the template says besides goes with its model, and an application's code that the registry has beside
-- other models than this one takes the cost centre with it. So is the team that a platform team writes to the Studio
-- rooms of everybody. Reads carried_tags, too.
WITH RECURSIVE said AS (
    SELECT DISTINCT resource_key, value,
        CASE WHEN source IN ('bill_tag', 'resource_tag') THEN 'tag' ELSE source END AS source
    FROM claimed WHERE dimension = 'model' AND len(path) = 1
),

tagged AS (
    SELECT resource_key, value FROM said WHERE source = 'tag'
),

edge AS (
    SELECT from_id AS one, to_id AS other, bool_and(weak) AS weak
    FROM (
        SELECT from_id, to_id, weak FROM flow_edges WHERE dimension = 'model' AND voices = 1
        UNION ALL
        SELECT to_id, from_id, weak FROM flow_edges WHERE dimension = 'model' AND voices = 1
        UNION ALL
        -- What exists for one other thing; a cluster's nodes, or what one key encrypts, are no neighbours.
        SELECT unnest([from_id, to_id]), unnest([to_id, from_id]), false
        FROM lineage_edges
        WHERE relation IN ('calls', 'logs_of', 'attached_to', 'snapshot_of')
    )
    WHERE from_id <> to_id
    GROUP BY ALL
),

-- What many things hang on (a pipeline with years of executions) tells of itself, not of all those.
firm AS (
    FROM edge WHERE NOT weak QUALIFY count(*) OVER (PARTITION BY one) <= 50
),

-- Something beside the tag speaks of another model, or may.
suspect AS (
    SELECT tagged.resource_key, tagged.value
    FROM tagged
    WHERE EXISTS (FROM said WHERE said.resource_key <> tagged.resource_key AND said.value = tagged.value)
        AND (EXISTS (FROM said WHERE said.resource_key = tagged.resource_key AND said.value <> tagged.value)
            OR EXISTS (
                FROM firm
                JOIN said ON said.resource_key = firm.other
                WHERE firm.one = tagged.resource_key AND said.value <> tagged.value
            )
        )
),

-- As far as from an endpoint over its configuration, model and artifact to the job that trained it.
near AS (
    SELECT DISTINCT resource_key, resource_key AS place, 0 AS hops FROM suspect
    UNION
    SELECT near.resource_key, firm.other, hops + 1
    FROM near
    JOIN firm ON firm.one = near.place
    WHERE hops < 4
),

vote AS (
    SELECT near.resource_key, said.value, near.place,
        CASE WHEN near.place = near.resource_key THEN said.source END AS source,
        bool_and(said.source = 'name') AS by_name
    FROM near
    JOIN said ON said.resource_key = near.place
    WHERE near.place <> near.resource_key OR said.source <> 'tag'
    GROUP BY ALL
),

counted AS (
    SELECT resource_key, value, count(*) AS votes, sum(count(*)) OVER (PARTITION BY resource_key) AS all_votes,
        bool_and(by_name) AS by_name
    FROM vote GROUP BY resource_key, value
),

-- Data that both use is enough to defend a tag, not to attack one; one voice in a crowd may be another copied tag.
defended AS (
    SELECT resource_key, value FROM counted WHERE votes >= grade('defended') * all_votes
    UNION
    SELECT suspect.resource_key, said.value
    FROM suspect
    JOIN edge ON edge.one = suspect.resource_key AND edge.weak
    JOIN said ON said.resource_key = edge.other
),

copied AS (
    SELECT DISTINCT suspect.resource_key, suspect.value
    FROM suspect
    JOIN counted ON counted.resource_key = suspect.resource_key AND counted.value <> suspect.value
    WHERE counted.votes >= 2 AND counted.votes >= grade('copied') * counted.all_votes AND NOT counted.by_name
        AND NOT contains(counted.value, suspect.value) AND NOT contains(suspect.value, counted.value)
        AND NOT EXISTS (
            FROM defended WHERE defended.resource_key = suspect.resource_key AND defended.value = suspect.value
        )
),

-- What a registry knows a thing to be contradicts its tag as well.
contradicted AS (
    FROM copied
    UNION
    SELECT tagged.resource_key, tagged.value
    FROM tagged
    JOIN claimed AS known ON known.resource_key = tagged.resource_key AND known.dimension = 'model'
        AND known.source = 'identity' AND known.value <> tagged.value
    WHERE NOT contains(known.value, tagged.value) AND NOT contains(tagged.value, known.value)
        AND EXISTS (FROM said WHERE said.resource_key <> tagged.resource_key AND said.value = tagged.value)
        AND NOT EXISTS (
            FROM claimed AS same
            WHERE same.resource_key = tagged.resource_key AND same.dimension = 'model' AND same.source = 'identity'
                AND same.value = tagged.value
        )
    UNION
    -- A tag of a project or product that is another registered model.
    SELECT product.resource_key, product.value
    FROM claimed AS product
    JOIN claimed AS known ON known.resource_key = product.resource_key AND known.dimension = 'model'
        AND known.source = 'identity' AND known.value <> product.value
    WHERE product.dimension = 'project' AND product.source IN ('bill_tag', 'resource_tag')
        AND NOT contains(known.value, product.value) AND NOT contains(product.value, known.value)
        AND EXISTS (FROM claimed AS entry WHERE entry.dimension = 'model' AND entry.source = 'identity'
            AND entry.value = product.value)
),

-- The codes that the registry has beside each model.
code_of_model AS (
    SELECT DISTINCT carried_tags.tag_key, carried_tags.code, entry.value AS model
    FROM carried_tags
    JOIN claimed AS entry ON entry.resource_key = carried_tags.carrier AND entry.dimension = 'model'
        AND entry.source = 'identity' AND len(entry.path) = 1
    WHERE carried_tags.code IS NOT NULL AND contains(carried_tags.carrier, ':model-package-group/')
),

-- The one model that a thing, or what it makes or is made of, is called after.
called AS (
    SELECT resource_key, min(value) AS model
    FROM (
        SELECT resource_key, value FROM said WHERE source <> 'tag'
        UNION
        SELECT edge.one, said.value
        FROM edge
        JOIN said ON said.resource_key = edge.other
        WHERE said.source <> 'tag'
    )
    GROUP BY resource_key
    HAVING count(DISTINCT value) = 1
),

code_of_another AS (
    SELECT DISTINCT carried_tags.carrier AS resource_key
    FROM carried_tags
    JOIN called ON called.resource_key = carried_tags.carrier
    JOIN code_of_model AS own ON own.model = called.model AND own.tag_key = carried_tags.tag_key
    WHERE (carried_tags.tag_key, carried_tags.code) IN (SELECT (tag_key, code) FROM code_of_model)
        AND (carried_tags.tag_key, carried_tags.code, called.model) NOT IN (
            SELECT (tag_key, code, model) FROM code_of_model
        )
),

-- Studio's rooms, each of one person.
room AS (
    SELECT from_id AS room, to_id AS profile FROM lineage_edges WHERE relation = 'worked_in_by'
    UNION
    SELECT app.from_id, space.to_id
    FROM lineage_edges AS app
    JOIN lineage_edges AS space ON space.from_id = app.to_id AND space.relation = 'worked_in_by'
    WHERE app.relation = 'in_space'
),

-- Where the rooms of several people say one team and their people others, whoever set up the rooms wrote it.
set_up AS (
    SELECT room.room AS resource_key, own.value
    FROM room
    JOIN claimed AS own ON own.resource_key = room.room AND own.dimension = 'team'
        AND own.source IN ('bill_tag', 'resource_tag', 'code')
    JOIN claimed AS person ON person.resource_key = room.profile AND person.dimension = 'team'
        AND person.source IN ('bill_tag', 'resource_tag', 'code')
    WHERE own.value <> person.value
    QUALIFY count(DISTINCT room.profile) OVER (PARTITION BY own.value) >= 3
        AND count(DISTINCT person.value) OVER (PARTITION BY own.value) >= 2
)

SELECT resource_key, 'model' AS dimension, value FROM copied
UNION
SELECT resource_key, 'team', value FROM set_up
UNION
SELECT resource_key, dimension, value
FROM claimed
SEMI JOIN code_of_another USING (resource_key)
WHERE source = 'code'
UNION
-- The other tags of a template say whose its model is: they were copied with it where that model's things have them.
SELECT contradicted.resource_key, beside.dimension, beside.value
FROM contradicted
JOIN claimed AS beside ON beside.resource_key = contradicted.resource_key
    AND beside.source IN ('bill_tag', 'resource_tag') AND beside.dimension IN ('project', 'team', 'business_function')
WHERE EXISTS (
    FROM claimed AS origin
    JOIN claimed AS there ON there.resource_key = origin.resource_key AND there.dimension = beside.dimension
        AND there.value = beside.value AND there.source IN ('bill_tag', 'resource_tag')
    WHERE origin.dimension = 'model' AND origin.value = contradicted.value
        AND origin.resource_key <> contradicted.resource_key
)
