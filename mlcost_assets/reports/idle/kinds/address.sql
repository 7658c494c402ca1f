-- A public address that nothing has, as the bill tells it (usage type IdleAddress).
SELECT 'address' AS kind, 'unused' AS degree, resource_key, account_id, region,
    CAST(unbroken_since AS TIMESTAMP) AS since,
    format('The bill calls it idle on every day from {} to {}.', unbroken_since, last_full_day) AS evidence,
    format('bill, {} to {}', unbroken_since, last_full_day) AS source, 0.95 AS confidence,
    aws_command('ec2 release-address', region, json_object('AllocationId', resource_key)) AS how_to_stop,
    'IdleAddress' AS counted
FROM idle_billed
WHERE measure = 'idle address' AND last_full_day - unbroken_since + 1 >= $address_days
