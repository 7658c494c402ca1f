-- Amazon SageMaker AI: what its Describe… answers say of each other (members as in the SageMaker API reference).
WITH history AS (
    SELECT kind, resource_key AS id, region, account_id, valid_from, valid_to, source, body
    FROM resource_history
    WHERE starts_with(kind, 'sagemaker:')
),

edge AS (
    -- Jobs: what they produced, read and wrote, and what they were part of.
    SELECT history.*, 'produced' AS relation, body ->> '$.ModelArtifacts.S3ModelArtifacts' AS target, NULL AS detail
    FROM history WHERE kind = 'sagemaker:DescribeTrainingJob'
    UNION ALL
    SELECT history.*, 'reads', unnest(
        list_concat(body ->> '$.InputDataConfig[*].DataSource.S3DataSource.S3Uri', body ->> '$.ProcessingInputs[*].S3Input.S3Uri')), NULL
    FROM history WHERE kind IN ('sagemaker:DescribeTrainingJob', 'sagemaker:DescribeProcessingJob')
    UNION ALL
    SELECT history.*, 'reads', body ->> '$.TransformInput.DataSource.S3DataSource.S3Uri', NULL
    FROM history WHERE kind = 'sagemaker:DescribeTransformJob'
    UNION ALL
    SELECT history.*, 'writes', unnest(list_concat(
        [body ->> '$.OutputDataConfig.S3OutputPath', body ->> '$.CheckpointConfig.S3Uri', body ->> '$.TransformOutput.S3OutputPath'],
        body ->> '$.ProcessingOutputConfig.Outputs[*].S3Output.S3Uri')), NULL
    FROM history WHERE kind IN ('sagemaker:DescribeTrainingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:DescribeTransformJob')
    UNION ALL
    SELECT history.*, 'tuned_by', body ->> '$.TuningJobArn', NULL
    FROM history WHERE kind = 'sagemaker:DescribeTrainingJob'
    UNION ALL
    SELECT history.*, 'transforms_with', sagemaker_arn('model', body ->> '$.ModelName', region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeTransformJob'
    UNION ALL
    SELECT history.*, 'part_of', sagemaker_arn('experiment', body ->> '$.ExperimentConfig.ExperimentName', region, account_id), NULL
    FROM history WHERE kind IN ('sagemaker:DescribeTrainingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:DescribeTransformJob')
    UNION ALL
    SELECT history.*, 'evaluates', body ->> '$.TrainingJobArn', NULL
    FROM history WHERE kind = 'sagemaker:DescribeProcessingJob'

    -- Models and the registry.
    UNION ALL
    SELECT history.*, 'loads', unnest(list_concat(
        [body ->> '$.PrimaryContainer.ModelDataUrl', body ->> '$.PrimaryContainer.ModelDataSource.S3DataSource.S3Uri'],
        list_concat(body ->> '$.Containers[*].ModelDataUrl', body ->> '$.Containers[*].ModelDataSource.S3DataSource.S3Uri'))), NULL
    FROM history WHERE kind = 'sagemaker:DescribeModel'
    UNION ALL
    SELECT history.*, 'deploys', unnest(list_concat(
        [body ->> '$.PrimaryContainer.ModelPackageName'], body ->> '$.Containers[*].ModelPackageName')), NULL
    FROM history WHERE kind = 'sagemaker:DescribeModel'
    UNION ALL
    SELECT history.*, 'contains', unnest(list_concat(
        body ->> '$.InferenceSpecification.Containers[*].ModelDataUrl',
        body ->> '$.InferenceSpecification.Containers[*].ModelDataSource.S3DataSource.S3Uri')), NULL
    FROM history WHERE kind = 'sagemaker:DescribeModelPackage'
    UNION ALL
    SELECT history.*, 'version_of', sagemaker_arn('model-package-group', body ->> '$.ModelPackageGroupName', region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeModelPackage'
    UNION ALL
    SELECT history.*, 'generated_by', body ->> '$.MetadataProperties.GeneratedBy', NULL
    FROM history WHERE kind = 'sagemaker:DescribeModelPackage'

    -- Serving.
    UNION ALL
    SELECT * EXCLUDE (variant), 'serves' AS relation,
        sagemaker_arn('model', variant ->> '$.ModelName', region, account_id), CAST(variant AS VARCHAR)
    FROM (
        SELECT history.*, unnest(list_concat(json_extract(body, '$.ProductionVariants[*]'), json_extract(body, '$.ShadowProductionVariants[*]'))) AS variant
        FROM history WHERE kind = 'sagemaker:DescribeEndpointConfig'
    )
    UNION ALL
    SELECT history.*, 'configured_by', sagemaker_arn('endpoint-config', body ->> '$.EndpointConfigName', region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeEndpoint'
    UNION ALL
    SELECT history.*, 'runs_on', coalesce(body ->> '$.EndpointArn', sagemaker_arn('endpoint', body ->> '$.EndpointName', region, account_id)), NULL
    FROM history WHERE kind = 'sagemaker:DescribeInferenceComponent'
    UNION ALL
    SELECT history.*, 'serves', sagemaker_arn('model', body ->> '$.Specification.ModelName', region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeInferenceComponent'

    -- Pipelines: executions, and the jobs, models and packages of their steps. A cached step ran in another execution.
    UNION ALL
    SELECT history.*, 'execution_of', body ->> '$.PipelineArn', NULL
    FROM history WHERE kind = 'sagemaker:DescribePipelineExecution'
    UNION ALL
    SELECT * EXCLUDE (step), 'has_step' AS relation,
        unnest(step ->> '$.Metadata.*.Arn'), json_object('step', step ->> '$.StepName')
    FROM (
        SELECT history.*, unnest(json_extract(body, '$.PipelineExecutionSteps[*]')) AS step
        FROM history WHERE kind = 'sagemaker:ListPipelineExecutionSteps'
    )
    WHERE json_extract(step, '$.CacheHitResult') IS NULL

    -- Experiments.
    UNION ALL
    SELECT history.*, 'describes', body ->> '$.Source.SourceArn', NULL
    FROM history WHERE kind = 'sagemaker:DescribeTrialComponent'
    UNION ALL
    SELECT history.*, 'part_of', sagemaker_arn('experiment-trial', unnest(body ->> '$.Parents[*].TrialName'), region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeTrialComponent'
    UNION ALL
    SELECT history.*, 'part_of', sagemaker_arn('experiment', body ->> '$.ExperimentName', region, account_id), NULL
    FROM history WHERE kind = 'sagemaker:DescribeTrial'
)

SELECT DISTINCT
    CASE WHEN relation IN ('has_step') THEN resource_key(id, NULL, NULL, region, account_id) ELSE id END AS from_id,
    resource_key(target, NULL, NULL, region, account_id) AS to_id,
    relation, valid_from, valid_to, source, detail
FROM edge
WHERE target <> ''
