-- Since when each thing that can be called was not: an endpoint, a variant of one, an inference component, provisioned
-- throughput. CloudWatch has no series where nothing was called, so silence proves something only on days on which the
-- calls of its account and region were collected: others' calls are there, or a complete look says so.
WITH asked AS (
    SELECT account_id, region, service, day FROM idle_use WHERE measure = 'calls'
    UNION
    SELECT account_id, region, service,
        CAST(
            unnest(
                generate_series(
                    date_trunc('day', started_at) - INTERVAL 14 DAY, date_trunc('day', started_at) - INTERVAL 1 DAY,
                    INTERVAL 1 DAY
                )
            ) AS DATE
        )
    FROM metadata_looks
    CROSS JOIN (SELECT unnest(['SageMaker', 'Bedrock']) AS service)
    WHERE kind = 'cloudwatch:GetMetricData' AND complete
),

-- The newest days without a hole.
known AS (
    SELECT account_id, region, service, min(day) AS first_day, max(day) AS last_day
    FROM (
        SELECT *,
            day - CAST(row_number() OVER (PARTITION BY account_id, region, service ORDER BY day) AS INTEGER) AS run
        FROM asked
    )
    GROUP BY account_id, region, service, run
    QUALIFY row_number() OVER (PARTITION BY account_id, region, service ORDER BY last_day DESC) = 1
),

looked AS (
    SELECT account_id, region, CAST(max(started_at) AS DATE) - 1 AS last_day
    FROM metadata_looks
    WHERE kind = 'cloudwatch:GetMetricData' AND complete
    GROUP BY ALL
),

thing AS (
    SELECT resource_key, NULL AS part, 'SageMaker' AS service, account_id, region, created_at, looked_at
    FROM idle_standing
    WHERE kind IN ('sagemaker:DescribeEndpoint', 'sagemaker:DescribeInferenceComponent')
    UNION ALL
    SELECT resource_key, unnest(body ->> '$.ProductionVariants[*].VariantName'), 'SageMaker', account_id, region,
        created_at, looked_at
    FROM idle_standing
    WHERE kind = 'sagemaker:DescribeEndpoint' AND json_array_length(body, '$.ProductionVariants') > 1
    UNION ALL
    SELECT resource_key, NULL, 'Bedrock', account_id, region, created_at, looked_at
    FROM idle_standing
    WHERE kind = 'bedrock:GetProvisionedModelThroughput'
),

used AS (
    SELECT resource_key, part, max(last_used_at) AS last_used_at, max(day) AS last_told,
        arg_max(source, (day, source)) AS source,
        coalesce(max(pause), 0) AS longest_pause
    FROM (
        SELECT resource_key, part, max(last_used_at) AS last_used_at, day,
            max(source) AS source,
            CASE
                WHEN max(last_used_at) IS NOT NULL THEN day - lag(day) OVER (
                    PARTITION BY resource_key, part, max(last_used_at) IS NULL ORDER BY day
                ) - 1 END AS pause
        FROM (
            SELECT resource_key, part, last_used_at, day, source FROM idle_use WHERE measure = 'calls'
            UNION ALL
            SELECT resource_key, NULL, last_used_at, day, source
            FROM idle_use
            WHERE measure = 'calls' AND part IS NOT NULL
        )
        GROUP BY resource_key, part, day
    )
    GROUP BY resource_key, part
),

alive AS (
    SELECT resource_key, max(day) AS last_day
    FROM idle_use
    WHERE measure <> 'calls' AND resource_key IS NOT NULL
    GROUP BY resource_key
)

SELECT thing.resource_key, thing.part, thing.account_id, thing.region, since, last_used_at, quiet_days,
    used.resource_key IS NOT NULL AS has_series, used.source,
    format('{} on {} full days to {}.', CASE
        WHEN used.last_told >= known.last_day THEN 'CloudWatch counts no call'
        WHEN looked.last_day >= known.last_day THEN 'CloudWatch was asked for all calls and has none'
        WHEN used.resource_key IS NOT NULL OR alive.last_day >= known.last_day
            THEN 'CloudWatch has calls of others of its account and region, and none of it'
        ELSE 'CloudWatch has calls of others of its account and region, and never had any of it'
    END, quiet_days, known.last_day) AS evidence,
    CASE
        WHEN longest_pause >= greatest(quiet_days, 1)
            THEN format('It was called again after a pause of {} days before.', longest_pause) END AS by_design_because,
    CAST(CASE
        WHEN used.last_told >= known.last_day THEN 0.98
        WHEN looked.last_day >= known.last_day THEN 0.95
        WHEN used.resource_key IS NOT NULL OR alive.last_day >= known.last_day THEN 0.9
        ELSE 0.7 END AS DOUBLE) AS confidence
FROM thing
JOIN known USING (account_id, region, service)
LEFT JOIN looked USING (account_id, region)
LEFT JOIN used ON used.resource_key = thing.resource_key AND used.part IS NOT DISTINCT FROM thing.part
LEFT JOIN alive ON alive.resource_key = thing.resource_key
CROSS JOIN LATERAL (
    SELECT greatest(CAST(known.first_day AS TIMESTAMP), thing.created_at, used.last_used_at) AS since
) AS begun
CROSS JOIN LATERAL (
    SELECT date_sub('day', since, CAST(known.last_day + 1 AS TIMESTAMP)) AS quiet_days
) AS counted
-- Metrics that ended before the thing was last seen tell nothing of the days since.
WHERE known.last_day >= CAST(thing.looked_at AS DATE) - 4
