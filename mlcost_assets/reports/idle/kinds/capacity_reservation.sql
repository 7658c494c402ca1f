-- The part of a capacity reservation that nobody uses, as the bill tells it (usage types UnusedBox and UnusedDed).
SELECT 'capacity reservation' AS kind, 'unused' AS degree, resource_key, account_id, region,
    CAST(unbroken_since AS TIMESTAMP) AS since,
    format('The bill has unused capacity of it on every day from {} to {}.', unbroken_since, last_full_day) AS evidence,
    format('bill, {} to {}', unbroken_since, last_full_day) AS source, 0.95 AS confidence,
    aws_command(
        'ec2 cancel-capacity-reservation', region,
        json_object('CapacityReservationId', regexp_extract(resource_key, '[^/]*$'))
    ) AS how_to_stop,
    'UnusedBox|UnusedDed' AS counted
FROM idle_billed
WHERE measure = 'unused capacity' AND last_full_day - unbroken_since + 1 >= $plan_days
