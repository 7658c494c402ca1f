-- Every cent, assigned. Reads parts_after_splits (whose each charge is) and direct_parts (what it is).
WITH charge AS (
    SELECT DISTINCT ON (charge) * FROM direct_parts
)

SELECT
    $billing_period AS billing_period, charge.charge_date, charge.export_name, charge.billing_account_id,
    charge.account_id, charge.region_id,
    charge.service_code, charge.service_name, charge.charge_category, charge.usage_type, charge.operation,
    charge.resource_id,
    assigned.is_ml, assigned.model, assigned.project, assigned.pipeline, assigned.experiment, assigned.team,
    assigned.environment, assigned.business_function,
    assigned.stage, assigned.method, assigned.confidence, assigned.evidence_id,
    CAST(sum(assigned.usage_quantity) AS DECIMAL(28,10)) AS usage_quantity,
    CAST(sum(assigned.billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(assigned.effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(assigned.list_cost) AS DECIMAL(28,10)) AS list_cost,
    CAST(sum(assigned.contracted_cost) AS DECIMAL(28,10)) AS contracted_cost,
    charge.billing_currency, charge.commitment_id, charge.commitment_status, assigned.agent
FROM parts_after_splits AS assigned
JOIN charge USING (charge)
GROUP BY ALL
