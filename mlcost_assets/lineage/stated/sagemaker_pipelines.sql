-- Amazon SageMaker AI pipelines and experiments. A cached step ran, and was
-- paid for, in another execution: it is reused.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE starts_with(kind, 'sagemaker:')
),

step AS (
    SELECT *, unnest(json_extract(body, '$.PipelineExecutionSteps[*]')) AS step
    FROM history WHERE kind = 'sagemaker:ListPipelineExecutionSteps'
)

SELECT history.*, 'execution_of' AS relation,
    coalesce(body ->> '$.PipelineArn', regexp_extract(id, '^(.*)/execution/', 1)) AS target, NULL AS detail
FROM history WHERE kind IN ('sagemaker:DescribePipelineExecution', 'sagemaker:ListPipelineExecutionSteps')
UNION ALL
SELECT * EXCLUDE (step), 'has_step', unnest(step ->> '$.Metadata.*.Arn'),
    CAST(json_object('step', step ->> '$.StepName') AS VARCHAR)
FROM step WHERE json_extract(step, '$.CacheHitResult') IS NULL
UNION ALL
SELECT * EXCLUDE (step), 'reuses',
    unnest(list_concat(step ->> '$.Metadata.*.Arn', [step ->> '$.CacheHitResult.SourcePipelineExecutionArn'])),
    CAST(json_object('step', step ->> '$.StepName') AS VARCHAR)
FROM step WHERE json_extract(step, '$.CacheHitResult') IS NOT NULL
UNION ALL
SELECT history.*, 'describes', body ->> '$.Source.SourceArn', NULL
FROM history WHERE kind = 'sagemaker:DescribeTrialComponent'
UNION ALL
SELECT history.*, 'part_of',
    sagemaker_arn('experiment-trial', unnest(body ->> '$.Parents[*].TrialName'), region, account_id), NULL
FROM history WHERE kind = 'sagemaker:DescribeTrialComponent'
UNION ALL
SELECT history.*, 'part_of', sagemaker_arn('experiment', body ->> '$.ExperimentName', region, account_id), NULL
FROM history WHERE kind = 'sagemaker:DescribeTrial'
