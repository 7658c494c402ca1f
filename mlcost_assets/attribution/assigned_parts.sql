-- Whose each charge is: direct parts as they are, pool charges by their owners, what has no scope to nobody.
--
-- Reads direct_parts, pool_parts (pooled_costs.sql) and pool_amounts (their settled amounts).
SELECT
    direct.charge, direct.is_ml, direct.model, direct.project, direct.pipeline, direct.experiment, direct.team, direct.environment, direct.business_function, direct.stage,
    direct.method, direct.confidence, direct.evidence_id,
    direct.weight, direct.usage_quantity, direct.billed_cost, direct.effective_cost, direct.list_cost, direct.contracted_cost, direct.owner
FROM direct_parts AS direct
WHERE NOT EXISTS (FROM pool_parts WHERE pool_parts.charge = direct.charge)
UNION ALL
SELECT
    charge, parts.is_ml, parts.model, parts.project, NULL, NULL, parts.team, parts.environment, parts.business_function, parts.stage,
    CASE WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 'none' ELSE 'proportional' END,
    CASE WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 0 ELSE 0.9 END,
    pool_evidence(parts),
    parts.weight, amounts.usage_quantity, amounts.billed_cost, amounts.effective_cost, amounts.list_cost, amounts.contracted_cost, owner
FROM pool_parts AS parts
JOIN pool_amounts AS amounts USING (charge, owner)
