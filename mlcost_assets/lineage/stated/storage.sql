-- File systems and log groups: whom they are for. CloudWatch names a log group after what writes it.
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history
),

log_group AS (
    SELECT *, body ->> '$.logGroupName' AS path FROM history WHERE kind = 'logs:DescribeLogGroups'
),

billed_log_group AS (
    -- Groups that only the bill knows.
    SELECT DISTINCT resource_key(resource_id, NULL, NULL, region_id, account_id) AS id, region_id AS region, account_id,
        CAST(min(charge_date) AS TIMESTAMP) AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to, 'bill' AS source,
        regexp_extract(resource_id, ':log-group:([^:]+)', 1) AS path
    FROM daily_charges WHERE resource_id LIKE '%:log-group:%' GROUP BY resource_id, region_id, account_id
),

logs AS (
    SELECT id, region, account_id, valid_from, valid_to, source, path FROM log_group
    UNION ALL
    FROM billed_log_group
)

SELECT id, region, account_id, valid_from, valid_to, source, 'logs_of' AS relation, CASE
        WHEN starts_with(path, '/aws/sagemaker/Endpoints/')
            THEN sagemaker_arn('endpoint', regexp_extract(path, 'Endpoints/([^/]+)', 1), region, account_id)
        WHEN starts_with(path, '/aws/sagemaker/InferenceComponents/')
            THEN sagemaker_arn('inference-component', regexp_extract(path, 'Components/([^/]+)', 1), region, account_id)
        WHEN starts_with(path, '/aws/sagemaker/Clusters/')
            THEN sagemaker_arn('cluster', regexp_extract(path, 'Clusters/[^/]+/([^/]+)', 1), region, account_id)
        WHEN starts_with(path, '/aws/lambda/')
            THEN service_arn('lambda', region, account_id, 'function:' || regexp_extract(path, '^/aws/lambda/(.+)$', 1))
        -- …/runtimes/<id of the runtime>-<its endpoint>
        WHEN starts_with(path, '/aws/bedrock-agentcore/runtimes/') THEN service_arn(
            'bedrock-agentcore', region, account_id,
            'runtime/' || nullif(regexp_extract(path, 'runtimes/([A-Za-z0-9_]+-[A-Za-z0-9]{10})-', 1), '')
        )
        WHEN starts_with(path, '/aws/eks/')
            THEN service_arn('eks', region, account_id, 'cluster/' || regexp_extract(path, '^/aws/eks/([^/]+)', 1))
        WHEN starts_with(path, '/aws/containerinsights/') THEN service_arn(
            'eks', region, account_id, 'cluster/' || regexp_extract(path, '^/aws/containerinsights/([^/]+)', 1)
        )
        WHEN starts_with(path, '/aws/vendedlogs/states/') THEN service_arn(
            'states', region, account_id, 'stateMachine:' || regexp_extract(path, 'states/([^/]+?)(-Logs)?$', 1)
        )
    END AS target, NULL AS detail
FROM logs
UNION ALL
-- Studio's home directories are on a file system that the domain stamps.
SELECT id, region, account_id, valid_from, valid_to, source, 'home_of', tags['ManagedByAmazonSageMakerResource'], NULL
FROM history WHERE kind = 'efs:DescribeFileSystems'
