-- The month's ML spend of no known team, by account.
SELECT $billing_period AS billing_period, 'team' AS dimension, 'no evidence' AS reason, account_id,
    'us-east-1' AS region_id,
    'AmazonSageMaker' AS service_code, 'nothing names a team' AS statement, 'Tag it.' AS mend,
    count(DISTINCT resource_id) AS resources, min(resource_id) AS largest_resource,
    CAST(sum(cost) AS DECIMAL(28,10)) AS billed_cost, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost,
    'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period AND is_ml AND team IS NULL
GROUP BY account_id
