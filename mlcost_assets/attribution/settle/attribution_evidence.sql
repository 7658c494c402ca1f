-- The reasons behind a period's attributed_costs, once each: claims and shares of things, scopes and weights of pools.
WITH used AS (
    SELECT DISTINCT evidence_id FROM attributed_costs WHERE billing_period = $billing_period
    UNION
    SELECT DISTINCT of_evidence FROM split_parts
),

stated AS (
    SELECT DISTINCT evidence_id, reasons FROM thing_owners WHERE billing_period = $billing_period
)

SELECT $billing_period AS billing_period, evidence_id, reason.dimension, reason.value, reason.method, reason.confidence,
    reason.statement, reason.sources, reason.others
FROM (
    SELECT evidence_id, unnest(reasons) AS reason
    FROM stated
    JOIN used USING (evidence_id)
)
UNION ALL
SELECT $billing_period, evidence_id, NULL, NULL, 'none', 0,
    'no rule, tag, lineage or account tells whose this is', [], []
FROM stated
JOIN used USING (evidence_id)
WHERE len(reasons) = 0
UNION ALL
SELECT DISTINCT $billing_period, pool_evidence(parts), NULL, NULL, 'proportional', 0.9,
    CASE
        WHEN starts_with(scope, 'split ') THEN 'divided by ' || scope || ' within ' || scope_key || ': '
        ELSE 'shared by the direct effective cost of ' || scope || ' ' || scope_key || ' in the month: ' END
        || weight || ' of ' || weights || ' millionths',
    CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[])
FROM pool_parts AS parts
UNION ALL
SELECT DISTINCT $billing_period, evidence_id, 'team', team, 'rule', 1,
    'split ' || split || ': ' || weight || ' of ' || weights, ['evidence ' || of_evidence], CAST([] AS VARCHAR[])
FROM split_parts
