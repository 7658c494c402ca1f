-- Names → the name that each one means, or may mean: at most one link that is applied, and those that a person has to decide.
--
-- Reads names_seen, name_parents, name_likeness (pairs that are alike, with score, stage and what differs), name_contexts and
-- names_apart. $alone: likeness that needs no more than evidence against it lacking; $supported: likeness that needs
-- $support of evidence for it. Support: +0.5 the same resource or lineage, +0.3 the same team, project or model beside it,
-- +0.2 the same account, +0.3 or +0.15 for being much rarer than the other, +0.2 where the other is known from a registry; -0.4 where
-- what stands beside them always differs, -0.1 where the accounts do, -0.15 where both are equally frequent.
WITH standing AS (
    SELECT *, dimension || ' ' || name IN (SELECT dimension || ' ' || name FROM names_apart) AS apart FROM names_seen
),

pair AS (
    SELECT dimension, name, normal_form(registered_as) AS other, 1.0 AS score, 'registry alias' AS stage, 'the registry says so' AS what, 1 AS turn
    FROM names_seen WHERE registered_as IS NOT NULL AND NOT registered
    UNION ALL
    SELECT dimension, name, first_value(name) OVER (PARTITION BY dimension, compact ORDER BY registered DESC, known DESC, effective_cost DESC, resources DESC, name), 1.0,
        'normal form', 'the same letters', 2
    FROM names_seen
    UNION ALL
    SELECT dimension, name, parent, 1.0, array_to_string(list_transform(list_distinct(parts), lambda part: part || ' removed'), ', '), parent || ' without it', 3
    FROM name_parents
    UNION ALL
    SELECT dimension, name, other, score, stage, what, 4 FROM name_likeness
),

shared AS (
    SELECT pair.dimension, pair.name, pair.other, list(DISTINCT mine.kind) AS kinds
    FROM pair
    JOIN name_contexts AS mine ON mine.dimension = pair.dimension AND mine.name = pair.name
    JOIN name_contexts AS theirs ON theirs.dimension = pair.dimension AND theirs.name = pair.other AND theirs.kind = mine.kind AND theirs.context = mine.context
    GROUP BY ALL
),

has AS (
    SELECT dimension, name, list(DISTINCT kind) AS kinds FROM name_contexts GROUP BY ALL
),

weighed AS (
    SELECT pair.*, mine.resources, theirs.resources AS other_resources, mine.known, theirs.known AS other_known, theirs.registered AS other_registered,
        mine.registered_as, mine.apart, theirs.apart AS other_apart,
        coalesce(shared.kinds, []) AS together,
        list_filter(list_intersect(coalesce(has.kinds, []), coalesce(other_has.kinds, [])), lambda kind: NOT list_contains(coalesce(shared.kinds, []), kind)) AS apart_in,
        mine.resources / greatest(coalesce(theirs.resources, 0), 1) AS proportion
    FROM pair
    JOIN standing AS mine ON mine.dimension = pair.dimension AND mine.name = pair.name
    LEFT JOIN standing AS theirs ON theirs.dimension = pair.dimension AND theirs.name = pair.other
    LEFT JOIN shared ON shared.dimension = pair.dimension AND shared.name = pair.name AND shared.other = pair.other
    LEFT JOIN has ON has.dimension = pair.dimension AND has.name = pair.name
    LEFT JOIN has AS other_has ON other_has.dimension = pair.dimension AND other_has.name = pair.other
    WHERE pair.name <> pair.other AND NOT mine.registered
),

supported AS (
    SELECT *, round(
        CASE WHEN list_has_any(together, ['resource', 'lineage']) THEN 0.5 ELSE 0 END
        + CASE WHEN list_has_any(together, ['team', 'project', 'model', 'business_function']) THEN 0.3
               WHEN list_has_any(apart_in, ['team', 'project', 'model']) THEN -0.4 ELSE 0 END
        + CASE WHEN list_contains(together, 'account') THEN 0.2 WHEN list_contains(apart_in, 'account') THEN -0.1 ELSE 0 END
        + CASE WHEN proportion <= 0.1 THEN 0.3 WHEN proportion <= 0.34 THEN 0.15 WHEN proportion >= 0.8 THEN -0.15 ELSE 0 END
        + CASE WHEN other_known OR other_registered THEN 0.2 ELSE 0 END, 4) AS support
    FROM weighed
),

-- Two versions whose endpoints run side by side are two models, unless a registry knows their common name alone.
live AS (
    SELECT DISTINCT one.dimension, one.name
    FROM name_parents AS one
    JOIN name_contexts AS mine ON mine.dimension = one.dimension AND mine.name = one.name AND mine.kind = 'endpoint'
    JOIN (SELECT dimension, name, parent FROM name_parents UNION SELECT dimension, parent, parent FROM name_parents) AS relative
        ON relative.dimension = one.dimension AND relative.parent = one.parent AND relative.name <> one.name
    JOIN name_contexts AS theirs ON theirs.dimension = one.dimension AND theirs.name = relative.name AND theirs.kind = 'endpoint' AND theirs.context <> mine.context
    LEFT JOIN standing AS parent ON parent.dimension = one.dimension AND parent.name = one.parent
    WHERE list_contains(one.parts, 'version') AND NOT coalesce(parent.known, false)
),

judged AS (
    SELECT supported.*,
        CASE
            WHEN turn = 1 THEN true
            WHEN apart THEN false
            WHEN turn = 2 THEN true
            WHEN turn = 4 THEN NOT other_apart AND score >= $supported AND support >= CASE WHEN score >= $alone THEN 0 ELSE $support END
            WHEN list_contains(parent.parts, 'version') AND supported.known THEN false
            WHEN live.name IS NOT NULL THEN false
            -- A bare number, or a word that is more than an environment after a single word, may be part of the name.
            WHEN list_contains(parent.parts, 'number') OR parent.parts = ['environment'] AND NOT contains(other, '-') AND may_be_more(supported.name)
                THEN support >= $support
            ELSE true
        END AS sure,
        CASE WHEN turn = 3 AND live.name IS NOT NULL THEN 'endpoints of both run side by side'
             WHEN turn = 3 AND supported.known THEN 'a registry knows both' END AS objection
    FROM supported
    LEFT JOIN name_parents AS parent ON turn = 3 AND parent.dimension = supported.dimension AND parent.name = supported.name
    LEFT JOIN live ON live.dimension = supported.dimension AND live.name = supported.name
)

SELECT dimension, name, other, stage, score, support, what, together, resources, other_resources, objection, turn, sure,
    sure AND row_number() OVER (PARTITION BY dimension, name ORDER BY sure DESC, turn, score + support DESC, other) = 1 AS chosen
FROM judged
