-- Amazon SageMaker AI models and the model registry (DescribeModel, DescribeModelPackage).
WITH model AS (
    SELECT * REPLACE (resource_key AS id)
    FROM resource_history
    WHERE kind IN ('sagemaker:DescribeModel', 'sagemaker:DescribeModelPackage')
),

container AS (
    SELECT *, unnest(list_concat(list_concat(
        [json_extract(body, '$.PrimaryContainer')], json_extract(body, '$.Containers[*]')),
        json_extract(body, '$.InferenceSpecification.Containers[*]'))) AS part
    FROM model
)

SELECT * EXCLUDE (part), CASE kind WHEN 'sagemaker:DescribeModel' THEN 'loads' ELSE 'contains' END AS relation,
    unnest([part ->> '$.ModelDataUrl', part ->> '$.ModelDataSource.S3DataSource.S3Uri']) AS target,
    json_object('mode', part ->> '$.Mode') AS detail
FROM container
UNION ALL
SELECT * EXCLUDE (part), 'deploys', part ->> '$.ModelPackageName', NULL FROM container
UNION ALL
-- A package that nobody looked at is of the group that its own ARN names, in an account of the organisation: those of
-- sellers are of no group of ours.
SELECT container.* EXCLUDE (part) REPLACE (part ->> '$.ModelPackageName' AS id), 'version_of',
    regexp_replace(part ->> '$.ModelPackageName', ':model-package/([^/]+)/[^/]+$', ':model-package-group/\1'), NULL
FROM container
WHERE regexp_matches(part ->> '$.ModelPackageName', ':model-package/[^/]+/[^/]+$')
    AND regexp_extract(part ->> '$.ModelPackageName', ':sagemaker:[^:]*:([0-9]{12}):', 1) IN (
        SELECT account_id FROM resource_history
    )
UNION ALL
SELECT model.*, 'version_of',
    sagemaker_arn('model-package-group', body ->> '$.ModelPackageGroupName', region, account_id), NULL
FROM model
UNION ALL
SELECT model.*, 'generated_by', body ->> '$.MetadataProperties.GeneratedBy', NULL FROM model
