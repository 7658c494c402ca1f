-- Claims → the one that wins, per resource, dimension and elementary interval.
--
-- A lower precedence wins, then strength (confidence, more where other kinds of source say the same), then what
-- was claimed last. Where claims of the same precedence disagree the winner stands at lower confidence and the
-- others are kept; where mere lineage or names disagree about as strongly, nobody wins: the value is NULL. A tag
-- that no other kind of source confirms may be a copied one: it wins at somewhat lower confidence, and at lower
-- still where lineage or names speak of another.
WITH boundary AS (
    SELECT resource_key, dimension, valid_from AS moment FROM claims
    UNION
    SELECT resource_key, dimension, valid_to FROM claims
),

piece AS (
    SELECT resource_key, dimension, moment AS valid_from,
        lead(moment) OVER (PARTITION BY resource_key, dimension ORDER BY moment) AS valid_to
    FROM boundary
    QUALIFY valid_to IS NOT NULL
),

held AS (
    SELECT piece.resource_key, piece.dimension, piece.valid_from, piece.valid_to,
        claim.value, claim.source, claim.method, claim.confidence, claim.path, claim.statement, claim.precedence,
        claim.valid_from AS since,
        claim.confidence * (1 + 0.15 * (count(DISTINCT claim.source) OVER (
            PARTITION BY piece.resource_key, piece.dimension, piece.valid_from, claim.value) - 1)) AS strength
    FROM piece
    JOIN claims AS claim
        ON claim.resource_key = piece.resource_key AND claim.dimension = piece.dimension
        AND claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
),

ranked AS (
    SELECT *,
        row_number() OVER order_of_claims AS place,
        row_number() OVER (
            PARTITION BY resource_key, dimension, valid_from, value
            ORDER BY precedence, confidence DESC, statement) AS place_for_value,
        first_value(value) OVER order_of_claims AS winner,
        first_value(precedence) OVER order_of_claims AS winning_precedence
    FROM held
    WINDOW order_of_claims AS (
        PARTITION BY resource_key, dimension, valid_from
        ORDER BY precedence, strength DESC, since DESC, value, statement, array_to_string(path, chr(31)))
),

picked AS (
    SELECT
        resource_key, dimension, valid_from, valid_to,
        any_value(value) FILTER (place = 1) AS value,
        any_value(source) FILTER (place = 1) AS source,
        any_value(method) FILTER (place = 1) AS method,
        any_value(confidence) FILTER (place = 1) AS confidence,
        any_value(strength) FILTER (place = 1) AS strength,
        any_value(path) FILTER (place = 1) AS path,
        any_value(statement) FILTER (place = 1) AS statement,
        bool_or(value <> winner AND precedence = winning_precedence) AS conflict,
        count(DISTINCT source) FILTER (value = winner AND source NOT IN ('bill_tag', 'resource_tag')) > 0 AS confirmed,
        coalesce(
            bool_or(value <> winner AND source IN ('lineage', 'kubernetes', 'cicd', 'name')), false
        ) AS contradicted,
        max(strength) FILTER (value <> winner AND precedence = winning_precedence) AS next_best,
        coalesce(
            list(value || ': ' || statement ORDER BY place) FILTER (value <> winner AND place_for_value = 1), []
        ) AS others
    FROM ranked
    GROUP BY resource_key, dimension, valid_from, valid_to
)

SELECT resource_key, dimension, valid_from, valid_to,
    CASE WHEN NOT undecided THEN value END AS value,
    source, CASE WHEN undecided THEN 'none' ELSE method END AS method,
    CASE
        WHEN undecided THEN 0
        WHEN conflict THEN confidence * 0.6
        WHEN source NOT IN ('bill_tag', 'resource_tag') OR confirmed THEN confidence
        ELSE confidence * CASE WHEN contradicted THEN 0.8 ELSE 0.95 END END AS confidence,
    path,
    CASE
        WHEN undecided
            THEN 'sources disagree: ' || value || ' (' || statement || ')' || coalesce(' or ' || others[1], '')
        ELSE statement END AS statement,
    conflict, others
FROM (
    SELECT *,
        coalesce(source IN ('lineage', 'name', 'kubernetes', 'cicd') AND next_best >= 0.9 * strength, false)
            OR source = 'copied_tag' AS undecided
    FROM picked
)
