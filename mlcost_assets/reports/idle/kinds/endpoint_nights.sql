-- An endpoint of no production that is called in working hours only: not idle, but nights and weekends can be saved.
WITH environment AS (
    SELECT resource_key, value AS environment
    FROM owners
    WHERE dimension = 'environment'
    QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY valid_to DESC, valid_from DESC, value) = 1
),

used AS (
    SELECT resource_key, max(last_used_at) AS last_used_at, arg_max(source, (day, source)) AS source,
        min(day) AS first_day, max(day) AS last_day, count(DISTINCT day) AS days
    FROM (
        SELECT *, max(day) OVER (PARTITION BY resource_key) AS newest FROM idle_use WHERE measure = 'calls'
    )
    WHERE day > newest - CAST($night_days AS INTEGER)
    GROUP BY resource_key
    HAVING bool_or(used_at_work) AND NOT bool_or(used_at_night)
)

SELECT 'endpoint at night' AS kind, 'schedule' AS degree, endpoint.resource_key, endpoint.account_id, endpoint.region,
    CAST(used.first_day AS TIMESTAMP) AS since, used.last_used_at,
    format(
        'From {} to {} all calls came in working hours ({}:00 to {}:00 UTC, Monday to Friday).', used.first_day,
        used.last_day, $work_from, $work_to
    ) AS evidence,
    used.source, 0.8 AS confidence,
    aws_command(
        'sagemaker delete-endpoint', endpoint.region, json_object('EndpointName', body ->> '$.EndpointName')
    ) AS how_to_stop,
    aws_schedule(
        'sagemaker:deleteEndpoint', endpoint.region, format('0 {} ? * MON-FRI *', $work_to),
        json_object('EndpointName', body ->> '$.EndpointName')
    ) || ' && '
    || aws_schedule(
        'sagemaker:createEndpoint', endpoint.region, format('0 {} ? * MON-FRI *', $work_from),
        json_object(
            'EndpointName', body ->> '$.EndpointName', 'EndpointConfigName', body ->> '$.EndpointConfigName'
        )
    ) AS schedule
FROM used
JOIN idle_standing AS endpoint ON endpoint.resource_key = used.resource_key
    AND endpoint.kind = 'sagemaker:DescribeEndpoint'
JOIN environment ON environment.resource_key = used.resource_key
WHERE environment.environment NOT IN ('prod', 'production') AND used.days >= $night_days
    AND used.last_day >= CAST(endpoint.looked_at AS DATE) - 4
    AND (
        len(body ->> '$.ProductionVariants[*].CurrentServerlessConfig') = 0
        OR len(body ->> '$.ProductionVariants[*].CurrentServerlessConfig.ProvisionedConcurrency') > 0
    )
