-- Machines and endpoints whose GPUs are hardly busy. Of an endpoint CloudWatch adds up the GPUs of a machine, so that
-- what is below the threshold is below it for one GPU (SageMaker, "Monitor with Amazon CloudWatch").
WITH daily AS (
    SELECT resource_key, day, avg(mean_value) AS percent, max(source) AS source,
        day - lag(day) OVER (PARTITION BY resource_key ORDER BY day) AS step
    FROM idle_use
    WHERE measure = 'gpu' AND resource_key IS NOT NULL
    GROUP BY resource_key, day
),

quiet AS (
    -- A day without values may have been busy.
    SELECT *,
        coalesce(
            max(
                CASE
                    WHEN percent >= $gpu_percent THEN day
                    WHEN step > 1 THEN day - 1 END
            ) OVER (PARTITION BY resource_key),
            DATE '1970-01-01'
        ) AS last_busy
    FROM daily
)

SELECT 'GPU' AS kind, 'underused' AS degree, machine.resource_key, machine.account_id, machine.region,
    CAST(min(day) AS TIMESTAMP) AS since,
    format('Its GPUs were busy {:.1f} % of the time on {} days to {}.', avg(percent), count(*), max(day)) AS evidence,
    arg_max(quiet.source, (day, quiet.source)) AS source, 0.8 AS confidence,
    CASE machine.kind
        WHEN 'ec2:DescribeInstances'
            THEN aws_command(
                'ec2 stop-instances', machine.region, json_object('InstanceIds', json_array(machine.resource_key))
            )
        ELSE aws_command(
            'sagemaker update-endpoint', machine.region,
            json_object('EndpointName', machine.body ->> '$.EndpointName', 'EndpointConfigName', 'A-SMALLER-ONE')
        ) END AS how_to_stop
FROM quiet
JOIN idle_standing AS machine ON machine.resource_key = quiet.resource_key
    AND machine.kind IN ('ec2:DescribeInstances', 'sagemaker:DescribeEndpoint')
WHERE day > last_busy
GROUP BY machine.kind, machine.resource_key, machine.account_id, machine.region, machine.body, machine.looked_at
HAVING count(*) >= $gpu_days AND max(day) >= CAST(machine.looked_at AS DATE) - 4
