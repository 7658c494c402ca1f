-- Provisioned throughput of Bedrock that nobody calls. What is committed is paid to its end whatever is done.
SELECT 'provisioned throughput' AS kind, 'unused' AS degree, uncalled.resource_key, uncalled.account_id,
    uncalled.region, uncalled.since, uncalled.last_used_at,
    uncalled.evidence
        || coalesce(' Committed until ' || nullif(body ->> '$.commitmentExpirationTime', '') || '.', '') AS evidence,
    coalesce(uncalled.source, provisioned.source) AS source, uncalled.confidence,
    by_design_because,
    aws_command(
        'bedrock delete-provisioned-model-throughput', uncalled.region,
        json_object('provisionedModelId', uncalled.resource_key)
    ) AS how_to_stop
FROM idle_uncalled AS uncalled
JOIN idle_standing AS provisioned ON provisioned.resource_key = uncalled.resource_key
    AND provisioned.kind = 'bedrock:GetProvisionedModelThroughput'
WHERE quiet_days >= $callable_days AND (body ->> '$.status') IN ('InService', 'Updating')
