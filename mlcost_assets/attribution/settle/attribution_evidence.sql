-- The reasons behind a period's attributed_costs, once each: claims and shares of things, scopes and weights of pools.
WITH used AS (
    SELECT DISTINCT evidence_id FROM attributed_costs WHERE billing_period = $billing_period
    UNION
    SELECT DISTINCT of_evidence FROM split_parts
),

stated AS (
    SELECT DISTINCT evidence_id, reasons FROM thing_owners WHERE billing_period = $billing_period
),

claimed AS (
    SELECT evidence_id, unnest(reasons, recursive := false) AS reason
    FROM stated
    JOIN used USING (evidence_id)
),

-- What divides a charge by itself, or says that nothing does: no claims.
general AS (
    SELECT evidence_id, NULL AS dimension, NULL AS value, 'none' AS method, 'nothing' AS code, NULL AS place,
        NULL AS said, CAST([] AS VARCHAR[]) AS sources
    FROM stated
    JOIN used USING (evidence_id)
    WHERE len(reasons) = 0
    UNION ALL
    SELECT DISTINCT pool_evidence(parts), NULL, NULL, 'proportional',
        CASE WHEN starts_with(scope, 'split ') THEN 'split_pool' ELSE 'pool' END,
        scope || CASE WHEN starts_with(scope, 'split ') THEN ' within ' ELSE ' ' END || scope_key,
        weight || ' of ' || weights, []
    FROM pool_parts AS parts
    UNION ALL
    SELECT DISTINCT evidence_id, 'team', team, 'rule', 'split', 'split ' || split, weight || ' of ' || weights,
        ['evidence ' || of_evidence]
    FROM split_parts
)

SELECT $billing_period AS billing_period, evidence_id, reason.dimension, reason.value, reason.method, reason.confidence,
    reason.statement, reason.sources,
    list_transform(
        reason.lost,
        lambda one: one.value || ': ' || sentence(one.code, reason.dimension, one.value, one.place, one.said)
    ) AS others,
    reason.code, reason.rung, reason.place, reason.said,
    CASE WHEN reason.code <> 'disagree' THEN reason.sources[len(reason.sources)] END AS record, reason.factors,
    reason.lost
FROM claimed
UNION ALL
SELECT $billing_period, evidence_id, dimension, value, method, grade(code),
    sentence(code, dimension, value, place, said), sources, [],
    code, NULL, place, said, sources[1], [graded(code)], []
FROM general
