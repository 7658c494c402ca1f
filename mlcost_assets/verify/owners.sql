-- Owners that no evidence gives: a row's value of a dimension that its evidence does not state, evidence that states
-- another, a row without evidence, and an owner of what nobody is said to own. What a pool or a split of rules.yaml
-- divides has its recipients by their weights and is looked at in shares.sql.
WITH row AS (
    SELECT DISTINCT billing_period, evidence_id, method, model, project, pipeline, experiment, team, environment,
        business_function, agent
    FROM attributed_costs
    WHERE $period IS NULL OR billing_period = $period
),

evidence AS (
    SELECT * FROM attribution_evidence WHERE $period IS NULL OR billing_period = $period
),

divided AS (
    SELECT DISTINCT billing_period, evidence_id FROM evidence
    WHERE code IN ('pool', 'split_pool', 'split')
),

given AS (
    UNPIVOT (
        SELECT * EXCLUDE (method)
        FROM row
        ANTI JOIN divided USING (billing_period, evidence_id)
    )
    ON model, project, pipeline, experiment, team, environment, business_function, agent INTO NAME dimension VALUE value
),

stated AS (
    SELECT DISTINCT billing_period, evidence_id, dimension, value
    FROM evidence
    WHERE dimension IS NOT NULL AND value IS NOT NULL
)

SELECT billing_period || ': ' || dimension || ' ' || value || ' is given by evidence ' || evidence_id
    || ', which does not say so' AS problem
FROM (
    SELECT DISTINCT billing_period, evidence_id, dimension, value FROM given
)
ANTI JOIN stated USING (billing_period, evidence_id, dimension, value)
UNION ALL
SELECT billing_period || ': evidence ' || evidence_id || ' says ' || dimension || ' ' || value
    || ', and no row of it has that'
FROM (
    FROM stated
    ANTI JOIN divided USING (billing_period, evidence_id)
)
ANTI JOIN given USING (billing_period, evidence_id, dimension, value)
-- Evidence that a split goes on to divide stands for its own sake.
WHERE evidence_id IN (SELECT evidence_id FROM row)
UNION ALL
SELECT DISTINCT billing_period || ': a row names evidence ' || coalesce(evidence_id, 'NULL') || ', which does not exist'
FROM row
ANTI JOIN evidence USING (billing_period, evidence_id)
UNION ALL
SELECT DISTINCT billing_period || ': what evidence ' || evidence_id || ' leaves to nobody has an owner'
FROM row
WHERE method = 'none' AND coalesce(model, project, pipeline, experiment, agent, team, business_function) IS NOT NULL
ORDER BY ALL
