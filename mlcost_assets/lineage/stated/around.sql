-- What stands around a model: functions, gateways, workflows, data jobs, deployments. A name or URI in a configuration
-- counts when it is that of a resource that exists.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history
),

-- What a text may call by its bare name.
callable AS (
    SELECT DISTINCT account_id, history.name, id AS target
    FROM history
    JOIN kinds USING (kind)
    WHERE kinds.callable AND history.name <> ''
),

caller AS (
    SELECT id, region, account_id, valid_from, valid_to, source, text AS said FROM record_values WHERE meaning = 'calls'
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        unnest(
            regexp_extract_all(
                body ->> '$.definition',
                '"(?:PipelineName|EndpointName|FunctionName|JobName|JobDefinition|TaskDefinition|StateMachineArn'
                '|FunctionName\.\$)"\s*:\s*"([^"]+)"',
                1
            )
        )
    FROM history
    WHERE kind = 'stepfunctions:DescribeStateMachine'
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        unnest(regexp_extract_all(body ->> '$.definition', '"Resource"\s*:\s*"(arn:[^"]+)"', 1))
    FROM history
    WHERE kind = 'stepfunctions:DescribeStateMachine'
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
)

SELECT caller.* EXCLUDE (said), 'calls' AS relation, target, NULL AS detail
FROM caller
JOIN callable ON callable.account_id = caller.account_id AND callable.name = said
WHERE callable.target <> caller.id
UNION ALL
-- The jobs and endpoints that a workflow makes of a model (createTransformJob, createEndpointConfig) are for it.
SELECT made.* EXCLUDE (model), 'calls', model.id, NULL
FROM (
    SELECT id, region, account_id, valid_from, valid_to, source,
        unnest(regexp_extract_all(body ->> '$.definition', '"ModelName"\s*:\s*"([^"]+)"', 1)) AS model
    FROM history
    WHERE kind = 'stepfunctions:DescribeStateMachine'
) AS made
JOIN history AS model ON model.kind = 'sagemaker:DescribeModel' AND model.account_id = made.account_id
    AND model.region = made.region AND model.name = made.model
UNION ALL
-- What is hardly more than a placeholder would be every job.
SELECT pattern.id, pattern.region, pattern.account_id, pattern.valid_from, pattern.valid_to, pattern.source, 'calls',
    job.id, NULL
FROM pattern
JOIN history AS job ON job.kind = started AND job.account_id = pattern.account_id AND job.region = pattern.region
    AND job.name LIKE form ESCAPE '\'
WHERE len(replace(form, '%', '')) >= 4
UNION ALL
-- An ARN in it, also inside an integration's URI.
SELECT caller.* EXCLUDE (said), 'calls',
    coalesce(nullif(regexp_extract(said, '(arn:[^:]*:lambda:[^:]*:[0-9]{12}:function:[^/:"]+)', 1), ''),
    nullif(
        regexp_extract(
            said,
            '(arn:[^:]*:(?:(?:sagemaker|states|glue|batch|ecs):[^:]+:[0-9]{12}:'
            '|bedrock:[^:]+:[0-9]{12}:(?:imported-model|custom-model-deployment)/)[^"]+)', 1
        ),
        ''
    )), NULL
FROM caller WHERE said LIKE '%arn:%'
UNION ALL
-- A profile or throughput of Bedrock has no work of its own: it is there for the application that knows it.
SELECT caller.* EXCLUDE (said), 'draws_on', said, NULL
FROM caller
WHERE regexp_matches(said, '^arn:[^:]*:bedrock:[^:]+:[0-9]{12}:(application-inference-profile|provisioned-model)/')
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
SELECT id, region, account_id, valid_from, valid_to, source, 'reads',
    replace(body ->> '$.Environment.SourceBucketArn', 'arn:aws:s3:::', 's3://') || '/'
        || (body ->> '$.Environment.DagS3Path'),
    NULL
FROM history
WHERE kind = 'mwaa:GetEnvironment'
