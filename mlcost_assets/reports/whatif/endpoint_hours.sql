-- The load of endpoints by the hour, over the last 30 full days of the bill.
--
-- Requests are CloudWatch's Invocations (Sum), counted as in unit_costs: of an endpoint with inference components those
-- of the components, without copies to shadow variants. CloudWatch has no value for an hour without requests.
WITH dated AS (
    SELECT last_full_day(max(charge_date)) AS last_day FROM attributed_costs
),

measured AS (
    SELECT DISTINCT
        sagemaker_arn('endpoint', body ->> '$.Dimensions.EndpointName', region, account_id) AS resource_key,
        coalesce(body ->> '$.Dimensions.VariantName', '') AS variant,
        coalesce(body ->> '$.Dimensions.InferenceComponentName', '') AS component,
        body ->> '$.MetricName' AS metric,
        unnest(told_texts(body -> '$.Timestamps')) AS measured_at,
        unnest(told_numbers(body -> '$.Values')) AS measure
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND told_count(body ->> '$.Period') <= 3600
        AND (concat_ws(' ', body ->> '$.MetricName', body ->> '$.Stat') IN ('Invocations Sum', 'ModelLatency Average',
            'CPUUtilization Average', 'GPUUtilization Average'))
        AND (body ->> '$.Namespace') IN ('AWS/SageMaker', '/aws/sagemaker/Endpoints')
),

-- An hour may have been collected more than once, each time more complete.
valued AS (
    SELECT resource_key, variant, component, metric, time_from_text(measured_at) AS measured_at, max(measure) AS measure
    FROM measured
    GROUP BY ALL
),

-- A shadow variant answers copies of requests, which nobody asked for (sagemaker:CreateEndpointConfig).
shadows AS (
    SELECT DISTINCT edges.from_id AS resource_key,
        unnest(json_extract_string(config.body, '$.ShadowProductionVariants[*].VariantName')) AS variant
    FROM lineage_edges AS edges
    JOIN resource_history AS config ON config.resource_key = edges.to_id
    WHERE edges.relation = 'configured_by' AND config.kind = 'sagemaker:DescribeEndpointConfig'
),

by_part AS (
    SELECT valued.resource_key, component, variant, date_trunc('hour', measured_at) AS hour,
        CAST(sum(measure) FILTER (metric = 'Invocations') AS BIGINT) AS requests,
        avg(measure) FILTER (metric = 'ModelLatency') / 1000 AS latency_ms,
        max(measure) FILTER (metric = 'CPUUtilization') / 100 AS cpu_use,
        max(measure) FILTER (metric = 'GPUUtilization') / 100 AS gpu_use
    FROM valued
    CROSS JOIN dated
    LEFT JOIN shadows USING (resource_key, variant)
    WHERE shadows.variant IS NULL AND valued.resource_key IS NOT NULL
        AND measured_at < last_day + INTERVAL 1 DAY AND measured_at >= last_day - INTERVAL 29 DAY
    GROUP BY ALL
),

-- The series of an endpoint counts what its components answered once more.
counted AS (
    SELECT *, component = '' AND bool_or(component <> '' AND requests IS NOT NULL) OVER (PARTITION BY resource_key)
            AS is_repeated
    FROM by_part
)

SELECT resource_key, hour,
    CAST(sum(requests) FILTER (NOT is_repeated) AS BIGINT) AS requests,
    round(sum(latency_ms * requests) / nullif(sum(requests) FILTER (latency_ms IS NOT NULL), 0), 3) AS latency_ms,
    -- 100 is one core or one GPU in full (docs of SageMaker), so of a machine with several the use is this or less.
    CASE WHEN max(cpu_use) > 1 THEN 1 ELSE max(cpu_use) END AS cpu_use,
    CASE WHEN max(gpu_use) > 1 THEN 1 ELSE max(gpu_use) END AS gpu_use
FROM counted
GROUP BY resource_key, hour
