-- When each resource that is paid by the hour ran, as records tell: the intervals in which it was neither stopped nor
-- gone, with the machines that the record names.
--
-- What the newest look at its kind, in its account and region, did not see again is not known to run since it was last
-- seen. What runs is taken to run until the newest look of all.
WITH family (kind, family) AS (
    VALUES ('sagemaker:DescribeEndpoint', 'endpoint'), ('sagemaker:DescribeNotebookInstance', 'notebook'),
        ('sagemaker:DescribeApp', 'app'), ('sagemaker:DescribeSpace', 'space'),
        ('sagemaker:DescribeTrainingJob', 'training job'), ('sagemaker:DescribeProcessingJob', 'processing job'),
        ('sagemaker:DescribeTransformJob', 'transform job'), ('sagemaker:DescribeCluster', 'HyperPod cluster'),
        ('sagemaker:DescribeMlflowTrackingServer', 'tracking server'), ('ec2:DescribeInstances', 'instance'),
        ('ec2:DescribeVolumes', 'volume'), ('ec2:DescribeNatGateways', 'NAT gateway'),
        ('elbv2:DescribeLoadBalancers', 'load balancer'), ('eks:DescribeCluster', 'EKS cluster'),
        ('emr:DescribeCluster', 'EMR cluster'), ('bedrock:GetProvisionedModelThroughput', 'provisioned throughput')
),

seen AS (
    SELECT *, max(last_seen_at) OVER (PARTITION BY kind, account_id, region) AS looked_at,
        max(last_seen_at) OVER () AS newest,
        lower(
            coalesce(
                body ->> '$.EndpointStatus', body ->> '$.NotebookInstanceStatus', body ->> '$.TrackingServerStatus',
                body ->> '$.ClusterStatus', body ->> '$.cluster.status', body ->> '$.State.Name',
                body ->> '$.State.Code', body ->> '$.State', body ->> '$.Status', body ->> '$.status', ''
            )
        ) AS status
    FROM resource_history
    JOIN family USING (kind)
)

SELECT resource_key, kind, family, account_id, region, valid_from AS starts,
    -- A life whose begin no record states may have begun long before it was first seen.
    CASE WHEN valid_from = created_at AND created_at = first_seen_at THEN TIMESTAMP '1970-01-01' ELSE valid_from END
        AS known_from,
    coalesce(
        least(valid_to, ended_at), CASE WHEN last_seen_at < looked_at - INTERVAL 1 DAY THEN last_seen_at END,
        TIMESTAMP '9999-12-31'
    ) AS ends,
    looked_at < newest - INTERVAL 2 DAY AND valid_to IS NULL AND ended_at IS NULL AS is_unseen,
    status NOT IN (
        'creating', 'pending', 'failed', 'stopping', 'stopped', 'shutting-down', 'terminated', 'deleting', 'deleted',
        'rollbackfailed', 'inactive'
    ) AS runs,
    CASE family
        WHEN 'NAT gateway' THEN 'NatGateway-Hours'
        WHEN 'load balancer' THEN 'LoadBalancerUsage'
        WHEN 'EKS cluster' THEN 'AmazonEKS-Hours:perCluster'
        ELSE coalesce(
            body ->> '$.ResourceConfig.InstanceType', body ->> '$.ProcessingResources.ClusterConfig.InstanceType',
            body ->> '$.TransformResources.InstanceType', body ->> '$.ResourceSpec.InstanceType',
            body ->> '$.InstanceType'
        )
    END AS machine,
    coalesce(
        told_count(coalesce(
            body ->> '$.ResourceConfig.InstanceCount', body ->> '$.ProcessingResources.ClusterConfig.InstanceCount',
            body ->> '$.TransformResources.InstanceCount'
        )), 1
    ) AS machines,
    coalesce(
        (body ->> '$.InstanceLifecycle') = 'spot' OR (body ->> '$.EnableManagedSpotTraining') = 'true', false
    ) AS is_spot,
    body ->> '$.EndpointConfigName' AS configuration
FROM seen
