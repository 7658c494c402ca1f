-- What CloudWatch says of use, by the day: calls of endpoints, variants, components and provisioned throughput, and how
-- busy GPUs were. A series of a component counts for its endpoint as well.
WITH series AS (
    SELECT file || ':' || line AS source, account_id, region, collected_at, id,
        body ->> '$.MetricName' AS metric, split_part(body ->> '$.Namespace', '/', 2) AS service,
        body -> '$.Dimensions' AS dimensions,
        told_texts(body -> '$.Timestamps') AS times, told_numbers(body -> '$.Values') AS measured
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND (
        (body ->> '$.MetricName') = 'Invocations' AND (body ->> '$.Stat') = 'Sum'
            AND (body ->> '$.Namespace') IN ('AWS/SageMaker', 'AWS/Bedrock')
        OR (body ->> '$.Namespace') = '/aws/sagemaker/Endpoints'
        OR list_contains($gpu_metrics, body ->> '$.MetricName')
    )
),

-- A series without values says that there were none on its day, which its id or else its time of collection tells.
point AS (
    SELECT source, account_id, region, metric, service, dimensions,
        CASE
            WHEN metric = 'Invocations' THEN 'calls'
            WHEN list_contains($gpu_metrics, metric) THEN 'gpu'
            ELSE 'alive' END AS measure,
        unnest(
            CASE
                WHEN len(times) > 0 THEN times
                WHEN metric = 'Invocations'
                    THEN [
                        coalesce(
                            nullif(regexp_extract(id, '[0-9]{4}-[0-9]{2}-[0-9]{2}$'), ''),
                            strftime(collected_at - INTERVAL 1 DAY, '%Y-%m-%d')
                        )
                    ]
                ELSE [] END
        ) AS moment,
        unnest(
            CASE
                WHEN len(times) > 0 THEN measured
                WHEN metric = 'Invocations' THEN [CAST(0 AS DOUBLE)]
                ELSE [] END
        ) AS value
    FROM series
    WHERE len(times) = len(measured)
),

-- A day may have been collected more than once, each time more complete.
hourly AS (
    SELECT account_id, region, measure, service, dimensions,
        time_from_text(moment) AS moment, max(value) AS value,
        max(source) AS source
    FROM point
    GROUP BY ALL
),

whose AS (
    SELECT sagemaker_arn('endpoint', dimensions ->> '$.EndpointName', region, account_id) AS resource_key,
        dimensions ->> '$.VariantName' AS part, *
    FROM hourly
    WHERE (dimensions ->> '$.EndpointName') IS NOT NULL
    UNION ALL
    SELECT sagemaker_arn('inference-component', dimensions ->> '$.InferenceComponentName', region, account_id), NULL, *
    FROM hourly
    WHERE (dimensions ->> '$.InferenceComponentName') IS NOT NULL
    UNION ALL
    SELECT dimensions ->> '$.ModelId', NULL, *
    FROM hourly
    WHERE (dimensions ->> '$.ModelId') LIKE 'arn:%:provisioned-model/%'
    UNION ALL
    SELECT dimensions ->> '$.InstanceId', NULL, *
    FROM hourly
    WHERE (dimensions ->> '$.InstanceId') IS NOT NULL AND measure = 'gpu'
    UNION ALL
    -- What belongs to none of them still tells that the place was asked.
    SELECT NULL, NULL, *
    FROM hourly
    WHERE (dimensions ->> '$.EndpointName') IS NULL AND measure = 'calls'
)

SELECT resource_key, part, account_id, region, service, measure, CAST(moment AS DATE) AS day,
    sum(value) AS total, avg(value) AS mean_value, max(moment) FILTER (value > 0) AS last_used_at,
    coalesce(bool_or(is_work) FILTER (value > 0), false) AS used_at_work,
    coalesce(bool_or(NOT is_work) FILTER (value > 0), false) AS used_at_night, max(source) AS source
FROM whose
CROSS JOIN LATERAL (
    SELECT isodow(moment) <= 5 AND hour(moment) >= $work_from AND hour(moment) < $work_to AS is_work
) AS worked
WHERE moment IS NOT NULL
GROUP BY ALL
