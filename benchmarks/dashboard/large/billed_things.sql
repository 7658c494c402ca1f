-- Each resource of the month's bill.
SELECT $billing_period AS billing_period, md5(resource_id) AS billed_thing, '000000000001' AS billing_account_id,
    account_id,
    'us-east-1' AS region_id, 'payer' AS export_name, 'AmazonSageMaker' AS service_code, 'Usage' AS charge_category,
    'USE1-Host:' || machine AS usage_type, 'RunInstance' AS operation, resource_id, resource_key,
    true AS names_resource,
    stage, is_ml AS ml_service, false AS pool, min(day) AS first_date, max(day) AS last_date,
    CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost, 'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period
GROUP BY ALL
