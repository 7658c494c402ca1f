-- Pairs of names that are or may be one → the evidence that they are: `support`, and in what they are used together.
--
-- Reads names_seen, name_roots, name_twins, name_parents, name_likeness and name_contexts. `turn` is the order in which
-- links count: 1 the registry's aliases, 2 other ways to join the words, 3 names without their changing parts, 4 names
-- that look alike. Support: +0.6 what carries the one is itself called like the other, +0.5 the same resource or
-- lineage, +0.3 the same team, project or model beside them, +0.2 the same account, +0.3 or +0.15 for being much rarer
-- than the other, +0.3 where a registry knows the other; -0.4 where what stands beside them always differs, -0.1 where
-- the accounts do, -0.15 where both are equally frequent and no registry knows the other (a job copies a slip of the
-- fingers to each of its machines).
WITH pair AS (
    SELECT dimension, name, normal_form(registered_as) AS other, 1.0 AS score, 'registry alias' AS stage,
        'the registry says so' AS what, CAST([] AS VARCHAR[]) AS parts, 1 AS turn
    FROM names_seen WHERE registered_as IS NOT NULL AND NOT registered
    UNION ALL
    SELECT dimension, name, leader, 1.0, 'normal form', 'the same letters', [], 2 FROM name_twins
    UNION ALL
    SELECT dimension, name, parent, 1.0,
        array_to_string(list_transform(list_distinct(parts), lambda part: part || ' removed'), ', '),
        parent || ' without it', parts, 3
    FROM name_parents
    UNION ALL
    SELECT dimension, name, other, score, stage, what, [], 4 FROM name_likeness
),

-- Names that look alike are compared as families, a name and what is left of
-- it without its changing part for themselves.
standing AS (
    SELECT dimension, name, false AS family, resources, known, registered FROM names_seen
    UNION ALL
    SELECT dimension, name, true, resources, known, registered FROM name_roots
),

called AS (
    SELECT DISTINCT resource_key, normal_form(name) AS called FROM resource_history WHERE name IS NOT NULL
),

shared AS (
    SELECT dimension, name, other, turn, list(DISTINCT kind) AS kinds
    FROM (
        SELECT pair.dimension, pair.name, pair.other, pair.turn, mine.kind
        FROM pair
        JOIN name_contexts AS mine ON mine.dimension = pair.dimension AND mine.name = pair.name
            AND mine.family = (pair.turn = 4)
        JOIN name_contexts AS theirs ON theirs.dimension = pair.dimension AND theirs.name = pair.other
            AND theirs.family = mine.family
            AND theirs.kind = mine.kind AND theirs.context = mine.context
        UNION ALL
        SELECT pair.dimension, pair.name, pair.other, pair.turn, 'resource name'
        FROM pair
        JOIN name_contexts AS mine ON mine.dimension = pair.dimension AND mine.name = pair.name AND mine.family
            AND mine.kind = 'resource'
        JOIN called ON called.resource_key = mine.context
        WHERE pair.turn = 4 AND contains('-' || called || '-', '-' || pair.other || '-')
    )
    GROUP BY ALL
),

has AS (
    SELECT dimension, name, family, list(DISTINCT kind) AS kinds FROM name_contexts GROUP BY ALL
),

weighed AS (
    SELECT pair.*, mine.resources, mine.known, coalesce(theirs.resources, 0) AS other_resources,
        coalesce(theirs.known OR theirs.registered, false) AS other_known,
        coalesce(shared.kinds, []) AS together,
        list_filter(
            list_intersect(coalesce(has.kinds, []), coalesce(other_has.kinds, [])),
            lambda kind: NOT list_contains(coalesce(shared.kinds, []), kind)
        ) AS apart_in,
        mine.resources / greatest(coalesce(theirs.resources, 0), 1) AS proportion
    FROM pair
    JOIN standing AS mine ON mine.dimension = pair.dimension AND mine.name = pair.name AND mine.family = (pair.turn = 4)
    LEFT JOIN standing AS theirs ON theirs.dimension = pair.dimension AND theirs.name = pair.other
        AND theirs.family = (pair.turn = 4)
    LEFT JOIN shared ON shared.dimension = pair.dimension AND shared.name = pair.name AND shared.other = pair.other
        AND shared.turn = pair.turn
    LEFT JOIN has ON has.dimension = pair.dimension AND has.name = pair.name AND has.family = (pair.turn = 4)
    LEFT JOIN has AS other_has ON other_has.dimension = pair.dimension AND other_has.name = pair.other
        AND other_has.family = (pair.turn = 4)
    WHERE NOT mine.registered
)

SELECT * EXCLUDE (apart_in, proportion), CAST(
    CASE
        WHEN list_contains(together, 'resource name') THEN 0.6
        WHEN list_has_any(together, ['resource', 'lineage']) THEN 0.5
        ELSE 0 END
    + CASE WHEN list_has_any(together, ['team', 'project', 'model', 'business_function']) THEN 0.3
           WHEN list_has_any(apart_in, ['team', 'project', 'model']) THEN -0.4
           ELSE 0
    END
    + CASE
        WHEN list_contains(together, 'account') THEN 0.2
        WHEN list_contains(apart_in, 'account') THEN -0.1
        ELSE 0 END
    + CASE
        WHEN proportion <= 0.1 THEN 0.3
        WHEN proportion <= 0.34 THEN 0.15
        WHEN proportion >= 0.8 AND NOT other_known THEN -0.15
        ELSE 0 END
    + CASE WHEN other_known THEN 0.3 ELSE 0 END AS DECIMAL(4,2)) AS support
FROM weighed
