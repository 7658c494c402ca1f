-- What each reason gave: dollars of a dimension and value, and how many of them are right. Reads `judged`, `attributed`
-- and `evidence` (attribution_evidence of model, team and environment).
--
-- Only of cells whose owner is known for the whole; a value that shares a cell is as right as its share is. What
-- follows from a model is made of the model's factors, too.
SELECT evidence.dimension, evidence.code, evidence.value, evidence.confidence, attributed.service_code,
    CASE
        WHEN list_contains(list_transform(evidence.factors, lambda one: one.what), 'its model''s own claim')
            THEN list_concat(
                list_filter(evidence.factors, lambda one: one.what <> 'its model''s own claim'), model.factors
            )
        ELSE evidence.factors END AS factors,
    sum(abs(CAST(attributed.effective_cost AS DOUBLE))) AS dollars,
    sum(abs(CAST(attributed.effective_cost AS DOUBLE)) * least(judged.told / judged.given, 1)) AS right_dollars
FROM attributed
JOIN evidence USING (billing_period, evidence_id)
JOIN judged ON judged.cell = cell_of(attributed) AND judged.dimension = evidence.dimension
    AND judged.value = named(evidence.dimension, evidence.value)
LEFT JOIN evidence AS model ON model.billing_period = attributed.billing_period
    AND model.evidence_id = attributed.evidence_id AND model.dimension = 'model'
WHERE judged.open = 0 AND judged.given > 0 AND attributed.effective_cost <> 0 AND evidence.value IS NOT NULL
GROUP BY ALL
