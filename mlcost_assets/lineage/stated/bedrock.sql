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
),

caller AS (
    SELECT body ->> '$.modelId' AS capacity, min(file || ':' || line) AS record,
        min(regexp_replace(
            body ->> '$.identity.arn', '^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$', 'arn:\1:iam::\2:role/\3'
        )) AS role
    FROM metadata_records
    WHERE kind = 'bedrock:ModelInvocationLog' AND (body ->> '$.modelId') LIKE '%:provisioned-model/%'
    GROUP BY capacity
    HAVING count(DISTINCT regexp_extract(body ->> '$.identity.arn', '^(.*:assumed-role/[^/]+)/', 1)) = 1
        AND bool_and((body ->> '$.identity.arn') LIKE '%:assumed-role/%/%')
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
UNION ALL
-- Capacity that, by the log of invocations, one role alone calls works as that role.
SELECT history.* REPLACE (caller.record AS source), 'runs_as', caller.role, NULL
FROM history
JOIN caller ON caller.capacity = history.id
