-- Amazon SageMaker AI serving: endpoints over time, their variants, inference components and monitors.
WITH serving AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history
    WHERE kind IN (
        'sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeEndpoint', 'sagemaker:DescribeInferenceComponent',
        'sagemaker:DescribeMonitoringSchedule'
    )
),

variant AS (
    SELECT *,
        unnest(
            list_concat(
                json_extract(body, '$.ProductionVariants[*]'), json_extract(body, '$.ShadowProductionVariants[*]')
            )
        ) AS variant
    FROM serving WHERE kind = 'sagemaker:DescribeEndpointConfig'
)

SELECT * EXCLUDE (variant), 'serves' AS relation,
    sagemaker_arn('model', variant ->> '$.ModelName', region, account_id) AS target, CAST(variant AS VARCHAR) AS detail
FROM variant
UNION ALL
SELECT serving.*, 'configured_by',
    sagemaker_arn('endpoint-config', body ->> '$.EndpointConfigName', region, account_id), NULL
FROM serving WHERE kind = 'sagemaker:DescribeEndpoint'
UNION ALL
SELECT serving.*, 'runs_on',
    coalesce(body ->> '$.EndpointArn', sagemaker_arn('endpoint', body ->> '$.EndpointName', region, account_id)),
    CAST(
        json_object(
            'variant', body ->> '$.VariantName', 'copies',
            coalesce(body ->> '$.RuntimeConfig.CurrentCopyCount', body ->> '$.RuntimeConfig.DesiredCopyCount'),
        'accelerators', body ->> '$.Specification.ComputeResourceRequirements.NumberOfAcceleratorDevicesRequired'
        ) AS VARCHAR)
FROM serving WHERE kind = 'sagemaker:DescribeInferenceComponent'
UNION ALL
SELECT serving.*, 'serves', sagemaker_arn('model', body ->> '$.Specification.ModelName', region, account_id), NULL
FROM serving WHERE kind = 'sagemaker:DescribeInferenceComponent'
UNION ALL
-- An adapter runs inside its base.
SELECT serving.*, 'adapts',
    sagemaker_arn('inference-component', body ->> '$.Specification.BaseInferenceComponentName', region, account_id),
    NULL
FROM serving WHERE kind = 'sagemaker:DescribeInferenceComponent'
UNION ALL
SELECT serving.*, 'monitors', sagemaker_arn('endpoint', coalesce(
    body ->> '$.EndpointName',
    body ->> '$.MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs[0].EndpointInput.EndpointName'
), region, account_id), NULL
FROM serving WHERE kind = 'sagemaker:DescribeMonitoringSchedule'
UNION ALL
-- A multi-model endpoint tells its models only to those who call it; the application that counts calls names them.
SELECT hosted.* EXCLUDE (prefix) REPLACE (counted.record AS source), 'hosts', prefix || '/' || trim(target_model, '/'),
    NULL
FROM (
    SELECT endpoint.*, rtrim(model.body ->> '$.PrimaryContainer.ModelDataUrl', '/') AS prefix
    FROM (
        SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE kind = 'sagemaker:DescribeEndpoint'
    ) AS endpoint
    JOIN variant ON variant.id = sagemaker_arn(
        'endpoint-config', endpoint.body ->> '$.EndpointConfigName', endpoint.region, endpoint.account_id
    )
    JOIN resource_history AS model ON model.resource_key = sagemaker_arn(
        'model', variant.variant ->> '$.ModelName', variant.region, variant.account_id
    )
    WHERE json_extract_string(model.body, '$.PrimaryContainer.Mode') = 'MultiModel'
) AS hosted
JOIN (
    SELECT account_id, lower(body ->> '$.Dimensions.EndpointName') AS endpoint_name,
        body ->> '$.Dimensions.TargetModel' AS target_model,
        min(file || ':' || line) AS record
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND json_extract_string(body, '$.Dimensions.TargetModel') <> ''
    GROUP BY ALL
) AS counted ON counted.account_id = hosted.account_id AND counted.endpoint_name = regexp_extract(hosted.id, '[^/]+$')
