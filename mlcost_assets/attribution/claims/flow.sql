-- One hop: what the claims of the hop before give to the things related to theirs.
--
-- Reads `frontier` (claims to pass on), `flow_edges` (one row a dimension that flows from from_id to to_id) and
-- `claimed` (claims that stand). A thing that a tag or rule names neither receives nor passes on another's claim,
-- except what a registry states (identity). By weak relations only what has one value passes, and never as identity;
-- what mere names say against a tag or a registry is no second one. Where several must say the same (voices), all of
-- them do.
WITH agreed AS (
    SELECT edge.to_id, edge.relation, edge.dimension, any_value(claimed.value) AS value
    FROM flow_edges AS edge
    JOIN claimed ON claimed.resource_key = edge.from_id AND claimed.dimension = edge.dimension
    WHERE edge.voices > 1 AND claimed.source <> 'copied_tag'
    GROUP BY ALL
    HAVING count(DISTINCT claimed.value) = 1 AND count(DISTINCT edge.from_id) = any_value(edge.voices)
),

settled AS (
    SELECT resource_key, dimension, any_value(value) FILTER (source <> 'name') AS value
    FROM claimed
    GROUP BY resource_key, dimension
    HAVING count(DISTINCT value) FILTER (source <> 'name') = 1 AND bool_or(own OR source = 'identity')
),

passed AS (
    SELECT
        edge.to_id AS resource_key, frontier.dimension, frontier.value,
        CASE WHEN edge.timed THEN greatest(frontier.valid_from, edge.valid_from) ELSE always_from() END AS valid_from,
        CASE WHEN edge.timed THEN least(frontier.valid_to, edge.valid_to) ELSE always_to() END AS valid_to,
        list_concat(
            list_append(frontier.factors, factor(edge.relation, edge.keep)),
            CASE
                WHEN frontier.dimension = 'environment' AND frontier.source = 'name' THEN [graded('not its own')]
                ELSE [] END
        ) AS factors,
        CASE WHEN edge.weak AND frontier.source = 'identity' THEN 'lineage' ELSE frontier.source END AS source,
        list_prepend(edge.label || ' (' || edge.source || ')', frontier.path) AS path,
        frontier.code, frontier.place, frontier.said
    FROM frontier
    JOIN flow_edges AS edge ON edge.from_id = frontier.resource_key AND edge.dimension = frontier.dimension
    -- What holds only for a part of the time tells nothing of the other side's whole life.
    WHERE (edge.voices = 1 OR (edge.to_id, edge.relation, edge.dimension, frontier.value) IN (
        SELECT (to_id, relation, dimension, value) FROM agreed
    ))
    -- A model that is loaded is applied to what is read: those who made that made it for others as well.
    AND NOT (frontier.place IS NOT DISTINCT FROM 'registered model' AND edge.relation IN ('reads', 'writes'))
    -- A role has the name of one of many things that it is for; its tags say for what it was made.
    AND NOT (
        edge.relation = 'runs_as' AND frontier.source = 'name'
            AND frontier.dimension NOT IN ('team', 'business_function')
    )
    AND (NOT edge.timed OR (frontier.valid_from <= edge.valid_from AND frontier.valid_to >= edge.valid_to))
    AND (NOT edge.weak OR (frontier.resource_key, frontier.dimension) NOT IN (
        SELECT (resource_key, dimension) FROM claimed GROUP BY resource_key, dimension HAVING count(DISTINCT value) > 1
    ) OR (frontier.resource_key, frontier.dimension, frontier.value) IN (
        SELECT (resource_key, dimension, value) FROM settled
    ))
)

SELECT
    resource_key, dimension, value, valid_from, valid_to, source,
    best.code AS code, best.place AS place, best.said AS said, best.factors AS factors, best.path AS path
FROM (SELECT passed.resource_key, passed.dimension, value, valid_from, valid_to, source,
    -- One claim of those that arrive: the surest, then by the shortest way.
    arg_max({'code': code, 'place': place, 'said': said, 'factors': factors, 'path': path},
        (sureness(factors), -len(path), code, said, array_to_string(path, chr(31)), place)) AS best
FROM passed
WHERE valid_from < valid_to
    AND (
        source = 'identity'
            OR NOT EXISTS (
                FROM claimed AS own
                WHERE own.resource_key = passed.resource_key AND own.dimension = passed.dimension AND own.own
            )
    )
    AND NOT EXISTS (
        FROM claimed AS known
        WHERE known.resource_key = passed.resource_key AND known.dimension = passed.dimension
            AND known.value = passed.value
        AND known.valid_from <= passed.valid_from AND known.valid_to >= passed.valid_to
        AND (known.source = passed.source OR known.own OR known.source = 'identity' OR passed.source = 'name'
            -- What a thing's own record says does not come back to it as another's word.
            OR len(known.path) = 1 AND known.path[-1] = passed.path[-1]))
GROUP BY ALL)
