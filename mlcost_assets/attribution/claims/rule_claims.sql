-- What rules match → what they say of it, per dimension the first rule that sets it (docs/contract.md#rules).
WITH claim AS (
    SELECT billed_thing, dimension, value, rule, place, valid_from, valid_to
    FROM rule_matches AS matched
    JOIN rule_owners ON rule_owners.rule = matched.name
    WHERE matched.billing_period = $billing_period AND matched.kind = 'rule'
),

-- A later rule fills only the time that earlier ones leave.
boundary AS (
    SELECT billed_thing, dimension, unnest([valid_from, valid_to]) AS moment FROM claim
),

piece AS (
    SELECT DISTINCT billed_thing, dimension, moment AS valid_from,
        lead(moment) OVER (PARTITION BY billed_thing, dimension ORDER BY moment) AS valid_to
    FROM (
        SELECT DISTINCT * FROM boundary
    )
    QUALIFY valid_to IS NOT NULL
)

SELECT $billing_period AS billing_period, billed_thing, dimension, piece.valid_from, piece.valid_to,
    arg_min(value, place) AS value, arg_min(rule, place) AS rule
FROM piece
JOIN claim USING (billed_thing, dimension)
WHERE claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
GROUP BY billed_thing, dimension, piece.valid_from, piece.valid_to
