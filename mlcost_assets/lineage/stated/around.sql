-- What stands around a model: functions, gateways, workflows, data jobs, deployments. A name or URI in a configuration
-- counts when it is that of a resource that exists.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history
),

-- What a text may call by its bare name.
callable AS (
    SELECT DISTINCT account_id, name, resource_key AS target, kind FROM history
    WHERE name <> ''
        AND kind IN (
            'sagemaker:DescribeEndpoint', 'sagemaker:DescribePipeline', 'lambda:GetFunction', 'glue:GetJob',
            'stepfunctions:DescribeStateMachine', 'sagemaker:DescribeFeatureGroup'
        )
),

caller AS (
    SELECT *, unnest(body ->> '$.Configuration.Environment.Variables.*') AS said
    FROM history
    WHERE kind = 'lambda:GetFunction'
    UNION ALL
    SELECT *,
        unnest(
            regexp_extract_all(
                body ->> '$.definition',
                '"(?:PipelineName|EndpointName|FunctionName|JobName|StateMachineArn|FunctionName\.\$)"\s*:\s*"([^"]+)"',
                1
            )
        )
    FROM history
    WHERE kind = 'stepfunctions:DescribeStateMachine'
    UNION ALL
    SELECT *, unnest(regexp_extract_all(body ->> '$.definition', '"Resource"\s*:\s*"(arn:[^"]+)"', 1))
    FROM history
    WHERE kind = 'stepfunctions:DescribeStateMachine'
    UNION ALL
    SELECT *, unnest(body ->> '$.Integrations[*].uri') FROM history WHERE kind = 'apigateway:GetRestApis'
    UNION ALL
    SELECT *, unnest(body ->> '$.Integrations[*].IntegrationUri')
    FROM history
    WHERE kind IN ('apigateway:GetRestApis', 'apigatewayv2:GetApis')
),

-- Names of jobs that a workflow makes up at each run: "TrainingJobName.$":
-- "States.Format('churn-{}', $$.Execution.Name)".
named AS (
    SELECT *, regexp_extract_all(body ->> '$.definition', '"\w+JobName\.\$"\s*:\s*"States\.Format\(''[^'']+''') AS parts
    FROM history WHERE kind = 'stepfunctions:DescribeStateMachine'
),

pattern AS (
    SELECT * EXCLUDE (part), 'sagemaker:Describe' || regexp_extract(part, '^"(\w+Job)Name', 1) AS started,
        replace(
            replace(replace(replace(regexp_extract(part, '''([^'']+)''$', 1), '\', '\\'), '%', '\%'), '_', '\_'), '{}',
            '%'
        ) AS form
    FROM (
        SELECT * EXCLUDE (parts), unnest(parts) AS part FROM named
    )
),

stored AS (
    SELECT *, unnest(list_concat(body ->> '$.Job.DefaultArguments.*', body ->> '$.DefaultArguments.*')) AS location,
        'writes' AS relation
    FROM history
    WHERE kind = 'glue:GetJob'
    UNION ALL
    SELECT *, unnest([body ->> '$.Cluster.LogUri', body ->> '$.LogUri']), 'writes'
    FROM history
    WHERE kind = 'emr:DescribeCluster'
    UNION ALL
    SELECT *, unnest(list_concat(body ->> '$.Cluster.Steps[*].Config.Args[*]', body ->> '$.Steps[*].Config.Args[*]')),
        'writes'
    FROM history
    WHERE kind = 'emr:DescribeCluster'
    UNION ALL
    SELECT *, unnest(body ->> '$.jobRun.jobDriver.sparkSubmit.entryPointArguments[*]'), 'writes'
    FROM history
    WHERE kind = 'emr-serverless:GetJobRun'
    UNION ALL
    SELECT *,
        regexp_replace(body ->> '$.Environment.SourceBucketArn', '^arn:[^:]*:s3:::', 's3://') || '/'
            || (body ->> '$.Environment.DagS3Path'),
        'reads'
    FROM history
    WHERE kind = 'mwaa:GetEnvironment'
    UNION ALL
    SELECT *, unnest(body ->> '$.Configuration.Environment.Variables.*'), 'reads'
    FROM history
    WHERE kind = 'lambda:GetFunction'
),

-- A key by its ARN or bare id; aliases tell nothing.
encrypted AS (
    SELECT *,
        unnest(
            list_distinct(
                list_filter(
                    [
                        body ->> '$.KmsKeyId', body ->> '$.kmsKeyId', body ->> '$.OutputDataConfig.KmsKeyId',
                        body ->> '$.ResourceConfig.VolumeKmsKeyId',
        body ->> '$.OfflineStoreConfig.S3StorageConfig.KmsKeyId', body ->> '$.Configuration.KMSKeyArn',
        body ->> '$.Environment.KmsKey'
                    ], lambda key: key IS NOT NULL))) AS key
    FROM history WHERE kind <> 'kms:DescribeKey'
)

SELECT caller.* EXCLUDE (said), 'calls' AS relation, target, NULL AS detail
FROM caller
JOIN callable ON callable.account_id = caller.account_id AND callable.name = said
WHERE callable.target <> caller.id
UNION ALL
-- What is hardly more than a placeholder would be every job.
SELECT pattern.* EXCLUDE (started, form), 'calls', job.resource_key, NULL
FROM pattern
JOIN history AS job ON job.kind = started AND job.account_id = pattern.account_id AND job.region = pattern.region
    AND job.name LIKE form ESCAPE '\'
WHERE len(replace(form, '%', '')) >= 4
UNION ALL
-- An ARN in it, also inside an integration's URI.
SELECT caller.* EXCLUDE (said), 'calls',
    coalesce(nullif(regexp_extract(said, '(arn:[^:]*:lambda:[^:]*:[0-9]{12}:function:[^/:"]+)', 1), ''),
    nullif(regexp_extract(said, '(arn:[^:]*:(?:sagemaker|states|glue):[^:]+:[0-9]{12}:[^"]+)', 1), '')), NULL
FROM caller WHERE said LIKE '%arn:%'
UNION ALL
-- An integration straight to SageMaker: …:runtime.sagemaker:path//endpoints/<name>/invocations.
SELECT caller.* EXCLUDE (said), 'calls',
    sagemaker_arn(
        'endpoint', nullif(regexp_extract(said, 'runtime\.sagemaker:path/+endpoints/([^/]+)', 1), ''), region,
        account_id
    ),
    NULL
FROM caller
UNION ALL
SELECT stored.* EXCLUDE (location, relation), relation, location, NULL FROM stored
WHERE starts_with(location, 's3://') OR starts_with(location, 's3a://')
UNION ALL
SELECT encrypted.* EXCLUDE (key), 'encrypted_by',
    CASE
        WHEN starts_with(key, 'arn:') THEN key
        WHEN regexp_full_match(key, '[0-9a-f-]{36}') THEN service_arn('kms', region, account_id, 'key/' || key)
    END,
    NULL
FROM encrypted
