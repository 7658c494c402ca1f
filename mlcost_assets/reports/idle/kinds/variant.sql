-- A variant that gets no request while its endpoint may. Its part of the cost is that of its machines among those of
-- their type, as the configuration names them.
WITH variant AS (
    SELECT resource_key, body ->> '$.EndpointName' AS endpoint, source,
        sagemaker_arn('endpoint-config', body ->> '$.EndpointConfigName', region, account_id) AS config_key,
        unnest(body ->> '$.ProductionVariants[*].VariantName') AS part,
        unnest(json_extract(body, '$.ProductionVariants[*]')) AS told
    FROM idle_standing
    WHERE kind = 'sagemaker:DescribeEndpoint'
),

machine AS (
    SELECT resource_key AS config_key, unnest(json_extract(body, '$.ProductionVariants[*]')) AS said
    FROM idle_standing
    WHERE kind = 'sagemaker:DescribeEndpointConfig'
),

sized AS (
    SELECT variant.*, said ->> '$.InstanceType' AS instance_type,
        told_count(told ->> '$.CurrentInstanceCount') AS machines,
        sum(told_count(told ->> '$.CurrentInstanceCount')) OVER (
            PARTITION BY resource_key, said ->> '$.InstanceType'
        ) AS machines_alike
    FROM variant
    LEFT JOIN machine ON machine.config_key = variant.config_key AND (said ->> '$.VariantName') = variant.part
)

SELECT 'variant' AS kind, 'unused' AS degree, uncalled.resource_key, uncalled.part, uncalled.account_id,
    uncalled.region, uncalled.since, uncalled.last_used_at,
    uncalled.evidence || ' Its endpoint needs a configuration without it.' AS evidence,
    coalesce(uncalled.source, sized.source) AS source, uncalled.confidence,
    by_design_because,
    aws_command(
        'sagemaker update-endpoint-weights-and-capacities', uncalled.region,
        json_object(
            'EndpointName', sized.endpoint, 'DesiredWeightsAndCapacities',
            json_array(json_object('VariantName', uncalled.part, 'DesiredWeight', 0, 'DesiredInstanceCount', 1))
        )
    ) AS how_to_stop,
    'Host.*' || regexp_escape(instance_type) || '$' AS counted,
    CASE WHEN instance_type IS NOT NULL THEN machines END AS weight,
    CAST(machines_alike AS BIGINT) AS weights, true AS in_parts
FROM idle_uncalled AS uncalled
JOIN sized ON sized.resource_key = uncalled.resource_key AND sized.part = uncalled.part
WHERE quiet_days >= $callable_days AND machines > 0
