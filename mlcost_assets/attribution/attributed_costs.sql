-- Every cent, assigned: direct parts as they are, pool charges by their owners, what has no scope to nobody.
--
-- Reads direct_parts, pool_parts (pooled_costs.sql) and pool_amounts (their settled amounts).
WITH assigned AS (
    SELECT
        direct.charge, direct.is_ml, direct.model, direct.project, direct.pipeline, direct.experiment, direct.team, direct.environment, direct.business_function,
        direct.method, direct.confidence, direct.evidence_id,
        direct.usage_quantity, direct.billed_cost, direct.effective_cost, direct.list_cost, direct.contracted_cost, direct.owner
    FROM direct_parts AS direct
    WHERE NOT EXISTS (FROM pool_parts WHERE pool_parts.charge = direct.charge)
    UNION ALL
    SELECT
        charge, parts.is_ml, parts.model, parts.project, NULL, NULL, parts.team, parts.environment, parts.business_function,
        CASE WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 'none' ELSE 'proportional' END,
        CASE WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 0 ELSE 0.9 END,
        pool_evidence(parts),
        amounts.usage_quantity, amounts.billed_cost, amounts.effective_cost, amounts.list_cost, amounts.contracted_cost, owner
    FROM pool_parts AS parts
    JOIN pool_amounts AS amounts USING (charge, owner)
),

charge AS (
    SELECT DISTINCT ON (charge) * FROM direct_parts
)

SELECT
    $billing_period AS billing_period, charge.charge_date, charge.export_name, charge.billing_account_id, charge.account_id, charge.region_id,
    charge.service_code, charge.service_name, charge.charge_category, charge.usage_type, charge.operation, charge.resource_id,
    assigned.is_ml, assigned.model, assigned.project, assigned.pipeline, assigned.experiment, assigned.team, assigned.environment, assigned.business_function,
    charge.stage, assigned.method, assigned.confidence, assigned.evidence_id,
    CAST(sum(assigned.usage_quantity) AS DECIMAL(28,10)) AS usage_quantity,
    CAST(sum(assigned.billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(assigned.effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(assigned.list_cost) AS DECIMAL(28,10)) AS list_cost,
    CAST(sum(assigned.contracted_cost) AS DECIMAL(28,10)) AS contracted_cost,
    charge.billing_currency
FROM assigned
JOIN charge USING (charge)
GROUP BY ALL
