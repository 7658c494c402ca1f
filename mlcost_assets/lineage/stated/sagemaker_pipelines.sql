-- Amazon SageMaker AI pipelines and experiments. A cached step ran, and was
-- paid for, in another execution: it is reused. Each kind of step tells what it ran in its own words: Arn, CheckJobArn
-- (quality and Clarify checks), or the id of an EMR cluster. A record tells all steps of an execution, or one of them.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE starts_with(kind, 'sagemaker:')
),

step AS (
    SELECT *, list_append(
        list_distinct(
            regexp_extract_all(
                CAST(json_extract(step, '$.Metadata') AS VARCHAR), '"\w*Arn"\s*:\s*"(arn:[^"]+)"', 1
            )
        ),
        service_arn(
            'elasticmapreduce', region, account_id, 'cluster/' || (step ->> '$.Metadata.EMR.ClusterId')
        )
    ) AS ran
    FROM (
        SELECT * REPLACE (coalesce(body ->> '$.PipelineExecutionArn', id) AS id),
            unnest(CASE
                WHEN body ->> '$.StepName' IS NULL THEN json_extract(body, '$.PipelineExecutionSteps[*]')
                ELSE [body]
            END) AS step
        FROM history WHERE kind = 'sagemaker:ListPipelineExecutionSteps'
    )
)

SELECT history.* REPLACE (coalesce(body ->> '$.PipelineExecutionArn', id) AS id), 'execution_of' AS relation,
    coalesce(body ->> '$.PipelineArn', regexp_extract(id, '^(.*)/execution/', 1)) AS target, NULL AS detail
FROM history WHERE kind IN ('sagemaker:DescribePipelineExecution', 'sagemaker:ListPipelineExecutionSteps')
UNION ALL
SELECT * EXCLUDE (step, ran), 'has_step', unnest(ran),
    CAST(json_object('step', step ->> '$.StepName') AS VARCHAR)
FROM step WHERE json_extract(step, '$.CacheHitResult') IS NULL
UNION ALL
SELECT * EXCLUDE (step, ran), 'reuses',
    unnest(list_append(ran, step ->> '$.CacheHitResult.SourcePipelineExecutionArn')),
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
