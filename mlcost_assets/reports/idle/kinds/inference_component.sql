-- An inference component that nobody calls; an adapter needs no machine of its own. Its part of the cost is the one
-- by which attribution divides its endpoint today.
WITH share AS (
    SELECT resource_key AS endpoint_key, consumer_key, weight,
        sum(weight) OVER (PARTITION BY resource_key, instance_type) AS weights
    FROM shares
    WHERE valid_to > (SELECT max(looked_at) FROM idle_standing)
        AND valid_from <= (SELECT max(looked_at) FROM idle_standing)
)

SELECT 'inference component' AS kind, 'unused' AS degree, uncalled.resource_key, uncalled.account_id, uncalled.region,
    uncalled.since, uncalled.last_used_at,
    uncalled.evidence,
    coalesce(uncalled.source, component.source) AS source, uncalled.confidence,
    by_design_because,
    aws_command(
        'sagemaker update-inference-component-runtime-config', uncalled.region,
        json_object(
            'InferenceComponentName', body ->> '$.InferenceComponentName',
            'DesiredRuntimeConfig', json_object('CopyCount', 0)
        )
    ) AS how_to_stop,
    sagemaker_arn('endpoint', body ->> '$.EndpointName', uncalled.region, uncalled.account_id) AS cost_of,
    share.weight, CAST(share.weights AS BIGINT) AS weights, true AS in_parts
FROM idle_uncalled AS uncalled
JOIN idle_standing AS component ON component.resource_key = uncalled.resource_key
    AND component.kind = 'sagemaker:DescribeInferenceComponent'
LEFT JOIN share ON share.consumer_key = uncalled.resource_key
WHERE quiet_days >= $callable_days
    AND coalesce(told_count(body ->> '$.RuntimeConfig.CurrentCopyCount'), 1) > 0
    AND coalesce(body ->> '$.Specification.BaseInferenceComponentName', '') = ''
