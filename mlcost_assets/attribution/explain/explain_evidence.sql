-- The reasons behind those costs.
SELECT DISTINCT evidence_id, dimension, value, method, confidence, statement, sources, others, code, rung, place, said,
    factors, lost
FROM attribution_evidence
WHERE evidence_id = $evidence_id OR evidence_id IN (
    SELECT evidence_id FROM attributed_costs
    WHERE resource_id IN (SELECT resource_id FROM billed_things WHERE resource_key = $resource_key)
        AND ($period IS NULL OR billing_period = $period))
ORDER BY evidence_id, dimension NULLS LAST, confidence DESC
