-- The lines of the export that those costs are made of.
SELECT 'payer' AS export_name, $billing_period AS billing_period, '000000000001' AS billing_account_id,
    'USD' AS billing_currency,
    'Usage' AS charge_category, machine || ' hosting hour in US East (N. Virginia)' AS charge_description,
    CAST(day AS TIMESTAMP) AS charge_period_start, CAST(day + 1 AS TIMESTAMP) AS charge_period_end,
    cost AS billed_cost, cost AS effective_cost, CAST(cost * 1.25 AS DECIMAL(28,10)) AS list_cost,
    cost AS contracted_cost,
    24 AS pricing_quantity, 'Hrs' AS pricing_unit, 'us-east-1' AS region_id, resource_id, account_id AS sub_account_id,
    'AmazonSageMaker' AS x_service_code, 'USE1-Host:' || machine AS x_usage_type, 'RunInstance' AS x_operation,
    MAP {'model': model, 'team': team} AS tags, false AS is_split_cost,
    format('data/BILLING_PERIOD={}/payer-00001.snappy.parquet', $billing_period) AS x_source_file,
    row_number() OVER () AS x_source_row
FROM thing_day
WHERE month = $billing_period
