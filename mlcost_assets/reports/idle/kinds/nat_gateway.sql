-- A NAT gateway that is paid by the hour and through which nothing goes.
SELECT 'NAT gateway' AS kind, 'unused' AS degree, hours.resource_key, hours.account_id, hours.region,
    CAST(greatest(hours.unbroken_since, bytes.last_day + 1) AS TIMESTAMP) AS since,
    CAST(bytes.last_day AS TIMESTAMP) AS last_used_at,
    format(
        'The bill has its hours and not a byte from {} to {}.', greatest(hours.unbroken_since, bytes.last_day + 1),
        hours.last_full_day
    ) AS evidence,
    format('bill, {} to {}', greatest(hours.unbroken_since, bytes.last_day + 1), hours.last_full_day) AS source,
    0.9 AS confidence,
    aws_command(
        'ec2 delete-nat-gateway', hours.region, json_object('NatGatewayId', hours.resource_key)
    ) AS how_to_stop
FROM idle_billed AS hours
LEFT JOIN idle_billed AS bytes ON bytes.resource_key = hours.resource_key AND bytes.measure = 'NAT bytes'
WHERE hours.measure = 'NAT hours'
    AND hours.last_full_day - greatest(hours.unbroken_since, bytes.last_day + 1) + 1 >= $nat_days
