-- Amazon Bedrock: custom models, what made them, and what runs them. Models of AWS
-- (no account in their ARN) connect nothing.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE starts_with(kind, 'bedrock:')
),

run AS (
    SELECT *,
        unnest(list_concat([body ->> '$.modelArn', body ->> '$.modelId'], body ->> '$.models[*].modelArn')) AS model
    FROM history
    WHERE kind IN (
        'bedrock:GetProvisionedModelThroughput', 'bedrock:GetModelInvocationJob', 'bedrock:GetInferenceProfile'
    )
)

SELECT history.*, 'produced' AS relation,
    coalesce(body ->> '$.outputModelArn', body ->> '$.importedModelArn') AS target, NULL AS detail
FROM history WHERE kind = 'bedrock:GetModelCustomizationJob'
UNION ALL
SELECT history.*, 'generated_by', body ->> '$.jobArn', NULL
FROM history
WHERE kind IN ('bedrock:GetCustomModel', 'bedrock:GetImportedModel')
UNION ALL
SELECT history.*, 'loads', body ->> '$.modelDataSource.s3DataSource.s3Uri', NULL
FROM history
WHERE kind = 'bedrock:GetImportedModel'
UNION ALL
SELECT * EXCLUDE (model),
    CASE kind
        WHEN 'bedrock:GetModelInvocationJob' THEN 'transforms_with'
        WHEN 'bedrock:GetInferenceProfile' THEN 'serves'
        ELSE 'provisions' END,
    model, NULL
FROM run WHERE regexp_matches(model, '^arn:[^:]*:bedrock:[^:]*:[0-9]{12}:')
