-- Amazon SageMaker Studio, notebooks, feature groups and HyperPod: who works there, and where they keep their data.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE starts_with(kind, 'sagemaker:')
)

SELECT history.*, 'in_space' AS relation,
    sagemaker_arn('space', (body ->> '$.DomainId') || '/' || (body ->> '$.SpaceName'), region, account_id) AS target,
    NULL AS detail
FROM history WHERE kind = 'sagemaker:DescribeApp'
UNION ALL
SELECT history.*, 'worked_in_by',
    sagemaker_arn(
        'user-profile',
        (body ->> '$.DomainId') || '/'
            || coalesce(body ->> '$.UserProfileName', body ->> '$.OwnershipSettings.OwnerUserProfileName'),
        region, account_id
    ),
    NULL
FROM history WHERE kind IN ('sagemaker:DescribeApp', 'sagemaker:DescribeSpace')
UNION ALL
-- Studio stamps what is made in it.
SELECT history.*, 'worked_in_by', unnest([tags['sagemaker:user-profile-arn'], body ->> '$.CreatedBy.UserProfileArn']),
    NULL
FROM history WHERE kind NOT IN ('sagemaker:DescribeUserProfile', 'sagemaker:DescribeDomain')
UNION ALL
SELECT history.*, 'in_space', tags['sagemaker:space-arn'], NULL
FROM history WHERE kind NOT IN ('sagemaker:DescribeSpace', 'sagemaker:DescribeUserProfile', 'sagemaker:DescribeDomain')
UNION ALL
SELECT history.*, 'stamped_by_domain', tags['sagemaker:domain-arn'], NULL
FROM history WHERE kind <> 'sagemaker:DescribeDomain'
UNION ALL
SELECT history.*, 'execution_step_of', tags['sagemaker:pipeline-execution-arn'], NULL
FROM history
UNION ALL
SELECT history.*, 'draws_on', unnest(body ->> '$.InstanceGroups[*].TrainingPlanArn'), NULL
FROM history WHERE kind = 'sagemaker:DescribeCluster'
UNION ALL
SELECT history.*, 'node_of', body ->> '$.Orchestrator.Eks.ClusterArn', NULL
FROM history WHERE kind = 'sagemaker:DescribeCluster'
UNION ALL
SELECT history.*, 'mounts',
    service_arn('elasticfilesystem', region, account_id, 'file-system/' || (body ->> '$.HomeEfsFileSystemId')), NULL
FROM history WHERE kind = 'sagemaker:DescribeDomain'
