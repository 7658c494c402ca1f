-- What each resource cost on each day of the month, and whose that is.
SELECT $billing_period AS billing_period, day AS charge_date, 'payer' AS export_name,
    '000000000001' AS billing_account_id,
    account_id, 'us-east-1' AS region_id, 'AmazonSageMaker' AS service_code, 'Amazon SageMaker' AS service_name,
    'Usage' AS charge_category, 'USE1-Host:' || machine AS usage_type, 'RunInstance' AS operation, resource_id, is_ml,
    model, model AS project, team, environment, stage, method, confidence,
    md5(concat(resource_id, $billing_period)) AS evidence_id, 24 AS usage_quantity, cost AS billed_cost,
    cost AS effective_cost, CAST(cost * 1.25 AS DECIMAL(28,10)) AS list_cost, cost AS contracted_cost,
    'USD' AS billing_currency,
    CASE WHEN stage = 'experimentation' THEN 'sweep-' || number % 20 END AS experiment
FROM thing_day
WHERE month = $billing_period
