-- An endpoint with machines of its own that nobody calls. An asynchronous one is judged only where its calls are known
-- to be counted; a serverless one without provisioned concurrency, and one scaled to zero, run nothing.
SELECT 'endpoint' AS kind, 'unused' AS degree, uncalled.resource_key, uncalled.account_id, uncalled.region,
    uncalled.since, uncalled.last_used_at,
    uncalled.evidence,
    coalesce(uncalled.source, endpoint.source) AS source, uncalled.confidence,
    by_design_because,
    aws_command(
        'sagemaker delete-endpoint', uncalled.region, json_object('EndpointName', endpoint.body ->> '$.EndpointName')
    ) AS how_to_stop
FROM idle_uncalled AS uncalled
JOIN idle_standing AS endpoint ON endpoint.resource_key = uncalled.resource_key
    AND endpoint.kind = 'sagemaker:DescribeEndpoint'
WHERE part IS NULL AND quiet_days >= $callable_days
    AND coalesce(body ->> '$.EndpointStatus', '') NOT IN ('Creating', 'Deleting', 'Failed')
    AND (has_series OR coalesce(json_type(body, '$.AsyncInferenceConfig'), 'NULL') = 'NULL')
    AND (
        len(body ->> '$.ProductionVariants[*].CurrentServerlessConfig') = 0
        OR len(body ->> '$.ProductionVariants[*].CurrentServerlessConfig.ProvisionedConcurrency') > 0
    )
    AND list_sum(
        list_transform(body ->> '$.ProductionVariants[*].CurrentInstanceCount', lambda one: told_count(one))
    ) IS DISTINCT FROM 0
