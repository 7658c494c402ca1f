-- Whose each resource of the month is.
SELECT DISTINCT $billing_period AS billing_period, md5(resource_id) AS billed_thing,
    CAST($billing_period || '-01' AS TIMESTAMP) AS valid_from,
    CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH AS valid_to, 1 AS part, resource_key AS consumer_key,
    1 AS weight, model, team, environment, is_ml, stage, method, confidence,
    md5(concat(resource_id, $billing_period)) AS evidence_id
FROM thing_day
WHERE month = $billing_period
