-- Amazon SageMaker AI jobs: what they produced and what they were part of.
-- Members as in the SageMaker API reference (Describe…Job).
WITH job AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history
    WHERE kind IN (
        'sagemaker:DescribeTrainingJob', 'sagemaker:DescribeProcessingJob', 'sagemaker:DescribeTransformJob',
        'sagemaker:DescribeHyperParameterTuningJob', 'sagemaker:DescribeLabelingJob', 'sagemaker:DescribeAutoMLJobV2'
    )
)

SELECT job.*, 'produced' AS relation,
    unnest([body ->> '$.ModelArtifacts.S3ModelArtifacts', body ->> '$.OutputModelPackageArn']) AS target, NULL AS detail
FROM job
UNION ALL
SELECT * EXCLUDE (mount), 'mounts',
    service_arn(CASE mount ->> '$.FileSystemType' WHEN 'EFS' THEN 'elasticfilesystem' ELSE 'fsx' END,
    region, account_id, 'file-system/' || (mount ->> '$.FileSystemId')), NULL
FROM (
    SELECT *, unnest(json_extract(body, '$.InputDataConfig[*].DataSource.FileSystemDataSource')) AS mount FROM job
)
UNION ALL
SELECT job.*, 'tuned_by', body ->> '$.TuningJobArn', NULL FROM job
UNION ALL
SELECT job.*, 'draws_on', body ->> '$.ResourceConfig.TrainingPlanArn', NULL FROM job
UNION ALL
SELECT job.*, 'tuned_by', body ->> '$.AutoMLJobArn', NULL FROM job
UNION ALL
SELECT job.*, 'transforms_with', sagemaker_arn('model', body ->> '$.ModelName', region, account_id), NULL FROM job
UNION ALL
SELECT job.*, 'part_of', sagemaker_arn('experiment', body ->> '$.ExperimentConfig.ExperimentName', region, account_id),
    NULL
FROM job
UNION ALL
SELECT job.*, 'evaluates', body ->> '$.TrainingJobArn', NULL FROM job WHERE kind = 'sagemaker:DescribeProcessingJob'
UNION ALL
SELECT job.*, 'run_of', body ->> '$.MonitoringScheduleArn', NULL FROM job
