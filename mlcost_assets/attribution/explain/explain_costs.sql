-- What the resource cost, or the rows of one evidence, by owner and evidence.
SELECT billing_period, min(charge_date) AS first_day, max(charge_date) AS last_day, service_code, usage_type, stage,
    is_ml,
    model, project, pipeline, experiment, team, environment, business_function, agent, method, confidence, evidence_id,
    sum(billed_cost) AS billed_cost, sum(effective_cost) AS effective_cost, billing_currency
FROM attributed_costs
WHERE (
    evidence_id = $evidence_id
        OR resource_id IN (SELECT resource_id FROM billed_things WHERE resource_key = $resource_key)
)
    AND ($period IS NULL OR billing_period = $period)
GROUP BY ALL
ORDER BY billing_period, effective_cost DESC
