-- Names → the name that each one means, or may mean: at most one link that is
-- chosen, and those that a person has to decide.
--
-- Reads name_support, names_seen, name_parents, name_contexts, name_roots and names_apart. Names that look alike are
-- one from likeness $alone on where nothing speaks against it, from $supported on with $support of evidence for it, and
-- a little below with evidence of every kind.
WITH apart AS (
    SELECT dimension, name, true AS apart FROM names_apart
),

-- Two versions that are both alive are two models, unless a registry knows their common name alone: their endpoints run
-- side by side, or both stand on several resources for most of the same time. One version after another is one model.
version AS (
    SELECT dimension, name, parent FROM name_parents WHERE list_contains(parts, 'version')
    UNION
    SELECT dimension, parent, parent FROM name_parents WHERE list_contains(parts, 'version')
),

living AS (
    SELECT version.*, seen.resources, CAST(seen.first_seen AS DATE) AS since, CAST(seen.last_seen AS DATE) AS until,
        endpoint.context AS endpoint
    FROM version
    JOIN names_seen AS seen ON seen.dimension = version.dimension AND seen.name = version.name
    LEFT JOIN name_contexts AS endpoint ON endpoint.dimension = version.dimension AND endpoint.name = version.name
        AND endpoint.kind = 'endpoint' AND NOT endpoint.family
),

side_by_side AS (
    SELECT one.dimension, one.name,
        CASE
            WHEN bool_or(one.endpoint <> other.endpoint) THEN 'endpoints of both run side by side'
            ELSE 'both are used at the same time' END AS alive
    FROM living AS one
    JOIN living AS other ON other.dimension = one.dimension AND other.parent = one.parent AND other.name <> one.name
    LEFT JOIN name_roots AS root ON root.dimension = one.dimension AND root.name = one.parent
    WHERE one.name <> one.parent AND NOT coalesce(root.known OR root.registered, false)
        AND NOT EXISTS (
            FROM names_seen AS kept
            WHERE kept.dimension = one.dimension AND kept.known AND ends_with(kept.name, '-' || one.parent)
        )
        AND (one.endpoint <> other.endpoint
            OR least(one.resources, other.resources) >= greatest(3, 0.25 * greatest(one.resources, other.resources))
            AND least(one.until, other.until) - greatest(one.since, other.since) >= greatest(
                7, 0.5 * least(one.until - one.since, other.until - other.since)
            )
        )
    GROUP BY ALL
),

-- Where the same registry keeps both, each under the same words (geo-matching and
-- geo-matching-v2), a version is part of the name.
registered AS (
    SELECT DISTINCT pair.dimension, pair.name, true AS both
    FROM name_support AS pair
    JOIN names_seen AS mine ON mine.dimension = pair.dimension AND mine.known
        AND ends_with(mine.compact, compact(pair.name))
    JOIN names_seen AS theirs ON theirs.dimension = pair.dimension AND theirs.known
        AND theirs.compact = left(mine.compact, len(mine.compact) - len(compact(pair.name))) || compact(pair.other)
    WHERE pair.turn = 3 AND list_contains(pair.parts, 'version')
),

judged AS (
    SELECT pair.*,
        CASE
            WHEN turn = 1 THEN true
            WHEN apart.apart THEN false
            WHEN turn = 2 THEN true
            WHEN turn = 4 THEN other_apart.apart IS NULL
                AND score >= $supported - CASE WHEN support >= 2 * $support THEN 0.05 ELSE 0 END
                AND support >= CASE WHEN score >= $alone THEN 0 ELSE $support END
                -- A version that is part of the name is not left out to find what the rest looks like.
                AND (regexp_replace(pair.name, '[^0-9]', '', 'g') = regexp_replace(pair.other, '[^0-9]', '', 'g')
                    OR registered.both IS NULL AND side_by_side.alive IS NULL)
            WHEN list_contains(parts, 'version') AND known OR registered.both OR side_by_side.alive IS NOT NULL
                THEN false
            -- A bare number, or a word that is more than an environment after a single word, may be part of the name.
            WHEN list_contains(parts, 'number')
                OR parts = ['environment'] AND NOT contains(other, '-') AND may_be_more(pair.name)
                THEN support >= $support
            ELSE true
        END AS sure,
        CASE
            WHEN turn = 3 AND (known OR registered.both) THEN 'a registry knows both'
            WHEN turn = 3 THEN side_by_side.alive
        END AS objection
    FROM name_support AS pair
    LEFT JOIN apart ON apart.dimension = pair.dimension AND apart.name = pair.name
    LEFT JOIN apart AS other_apart ON other_apart.dimension = pair.dimension AND other_apart.name = pair.other
    LEFT JOIN registered ON registered.dimension = pair.dimension AND registered.name = pair.name
    LEFT JOIN side_by_side ON side_by_side.dimension = pair.dimension AND side_by_side.name = pair.name
)

SELECT dimension, name, other, stage, score, support, what, together, resources, other_resources, objection, turn, sure,
    sure
        AND row_number() OVER (
            PARTITION BY dimension, name ORDER BY sure DESC, turn, score + support DESC, other
        ) = 1 AS chosen
FROM judged
