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
        claim.value, claim.source, claim.method, claim.code, claim.place, claim.said, claim.factors, claim.path,
        claim.precedence, claim.valid_from AS since, claim.confidence,
        claim.confidence * (1 + grade('another kind agrees') * (count(DISTINCT claim.source) OVER (
            PARTITION BY piece.resource_key, piece.dimension, piece.valid_from, claim.value) - 1)) AS strength
    FROM piece
    JOIN claims AS claim
        ON claim.resource_key = piece.resource_key AND claim.dimension = piece.dimension
        AND claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
),

ranked AS (
    SELECT *,
        row_number() OVER order_of_claims AS turn,
        row_number() OVER (
            PARTITION BY resource_key, dimension, valid_from, value
            ORDER BY precedence, confidence DESC, code, said) AS turn_for_value,
        first_value(value) OVER order_of_claims AS winner,
        first_value(precedence) OVER order_of_claims AS winning_precedence
    FROM held
    WINDOW order_of_claims AS (
        PARTITION BY resource_key, dimension, valid_from
        ORDER BY precedence, strength DESC, since DESC, value, code, said, array_to_string(path, chr(31)))
),

picked AS (
    SELECT
        resource_key, dimension, valid_from, valid_to,
        arg_min(
            {
                'value': value, 'source': source, 'method': method, 'code': code, 'place': place, 'said': said,
                'factors': factors, 'path': path, 'strength': strength
            },
            turn
        ) AS won,
        bool_or(value <> winner AND precedence = winning_precedence) AS conflict,
        count(DISTINCT source) FILTER (value = winner AND source NOT IN ('bill_tag', 'resource_tag')) > 0 AS confirmed,
        coalesce(
            bool_or(value <> winner AND source IN ('lineage', 'kubernetes', 'cicd', 'name')), false
        ) AS contradicted,
        max(strength) FILTER (value <> winner AND precedence = winning_precedence) AS next_best,
        coalesce(
            list(
                {'value': value, 'rung': source, 'code': code, 'place': place, 'said': said} ORDER BY turn
            ) FILTER (value <> winner AND turn_for_value = 1),
            []
        ) AS lost
    FROM ranked
    GROUP BY resource_key, dimension, valid_from, valid_to
),

judged AS (
    SELECT *,
        coalesce(
            won.source IN ('lineage', 'name', 'kubernetes', 'cicd')
                AND next_best >= grade('nobody wins') * won.strength,
            false
        ) OR won.source = 'copied_tag' AS undecided
    FROM picked
)

SELECT resource_key, dimension, valid_from, valid_to,
    CASE WHEN NOT undecided THEN won.value END AS value,
    won.source AS source, CASE WHEN undecided THEN 'none' ELSE won.method END AS method,
    sureness(factors) AS confidence,
    won.path AS path, CASE WHEN undecided THEN 'disagree' ELSE won.code END AS code, won.place AS place,
    CASE WHEN NOT undecided THEN won.said END AS said, factors, conflict,
    CASE
        WHEN undecided
            THEN list_prepend(
                {
                    'value': won.value, 'rung': won.source, 'code': won.code, 'place': won.place, 'said': won.said
                },
                lost
            )
        ELSE lost END AS lost
FROM (
    SELECT *,
        CASE
            WHEN undecided THEN [graded('disagree')]
            WHEN conflict THEN list_append(won.factors, graded('equals disagree'))
            WHEN won.source NOT IN ('bill_tag', 'resource_tag') OR confirmed THEN won.factors
            WHEN contradicted THEN list_append(won.factors, graded('tag contradicted'))
            ELSE list_append(won.factors, graded('tag alone')) END AS factors
    FROM judged
)
