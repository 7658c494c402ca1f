-- Confidences that are not what they are said to be made of: the product of their factors; the share of those that
-- agree, counted from what the reason says, and what tag_values has of a tag's meaning, both to their power
-- (attribution/decide/fitted.yaml); the model's or project's own claim in the same evidence; and of a row of
-- attributed_costs its owner's reason × what divides the charge.
WITH evidence AS (
    SELECT * FROM attribution_evidence WHERE $period IS NULL OR billing_period = $period
),

part AS (
    SELECT DISTINCT billing_period, evidence_id, dimension, value, code, said, one.what, one.factor,
        list_contains(list_transform(factors, lambda each: each.what), 'the name of its code') AS renamed
    FROM (
        SELECT *, unnest(factors) AS one FROM evidence
    )
),

told AS (
    -- Of several meanings that a tag has in several exports the surest counts; a code means a code, and has a name.
    SELECT part.billing_period, part.dimension, part.value, part.what, part.factor,
        CASE
            WHEN what = 'agreement'
                THEN pow(
                    TRY_CAST(split_part(part.said, ' ', 1) AS DOUBLE)
                        / nullif(TRY_CAST(split_part(part.said, ' ', 3) AS DOUBLE), 0),
                    $agreement
                )
            WHEN what = 'meaning of the value' THEN pow(meaning.confidence, $meaning)
            ELSE own.confidence END AS expected
    FROM part
    LEFT JOIN (
        SELECT tag_key || ' = ' || tag_value AS said, dimension, canonical_value AS value, max(confidence) AS confidence
        FROM tag_values
        GROUP BY ALL
    ) AS meaning ON what = 'meaning of the value' AND meaning.said = part.said
        AND meaning.dimension = part.dimension
        AND (meaning.value = part.value OR part.renamed AND meaning.value IS NOT NULL)
    LEFT JOIN evidence AS own ON own.billing_period = part.billing_period AND own.evidence_id = part.evidence_id
        AND own.dimension = CASE what
            WHEN 'its model''s own claim' THEN 'model'
            WHEN 'its project''s own claim' THEN 'project'
        END
    WHERE what IN ('agreement', 'meaning of the value', 'its model''s own claim', 'its project''s own claim')
),

owner AS (
    SELECT billing_period, evidence_id,
        arg_min(
            confidence,
            list_position(
                ['model', 'project', 'pipeline', 'experiment', 'agent', 'team', 'business_function'], dimension
            )
        ) FILTER (dimension <> 'environment' AND value IS NOT NULL) AS owner,
        coalesce(max(confidence) FILTER (dimension IS NULL), 1) AS share,
        bool_or(code IN ('pool', 'split_pool', 'split')) AS is_divided
    FROM evidence
    GROUP BY ALL
)

SELECT DISTINCT billing_period || ': ' || concat_ws(' ', dimension, value, statement) || ' has the confidence '
    || confidence || ', and its factors make ' || made AS problem
FROM (
    SELECT *, coalesce(list_aggregate(list_transform(factors, lambda one: one.factor), 'product'), 1) AS made
    FROM evidence
)
WHERE abs(made - confidence) > 1e-9 OR confidence NOT BETWEEN 0 AND 1
UNION ALL
SELECT DISTINCT billing_period || ': ' || concat_ws(' ', dimension, value) || ' counts ' || what || ' as ' || factor
    || ', which is ' || coalesce(CAST(expected AS VARCHAR), 'nowhere')
FROM told WHERE expected IS NULL OR abs(expected - factor) > 1e-9
UNION ALL
SELECT DISTINCT billing_period || ': a row with evidence ' || evidence_id || ' has the confidence ' || costs.confidence
    || ', and its evidence makes ' || owner.owner * owner.share
FROM (
    SELECT DISTINCT billing_period, evidence_id, method, confidence
    FROM attributed_costs
    WHERE method <> 'none' AND ($period IS NULL OR billing_period = $period)
) AS costs
JOIN owner USING (billing_period, evidence_id)
WHERE NOT owner.is_divided AND abs(costs.confidence - owner.owner * owner.share) > 1e-9
ORDER BY ALL
