-- What there is now: the newest state of everything that the newest look at its kind, in its account and region, saw.
-- A collector that does not say what its looks saw still shows by what it did not see again.
SELECT resource_key, kind, account_id, region, name, tags, body, source, created_at, looked_at, state_seen_at
FROM (
    SELECT resource_key, kind, account_id, region, name, tags, body, source, created_at, last_seen_at, ended_at,
        max(last_seen_at) OVER (PARTITION BY kind, account_id, region) AS looked_at,
        max(last_seen_at) OVER () AS newest, first_seen_at AS state_seen_at
    FROM resource_history
    WHERE kind IN (
        'sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig', 'sagemaker:DescribeInferenceComponent',
        'sagemaker:DescribeNotebookInstance', 'sagemaker:DescribeApp', 'sagemaker:DescribeSpace',
        'sagemaker:DescribeTrainingPlan', 'sagemaker:DescribeTrainingJob', 'bedrock:GetProvisionedModelThroughput',
        'ec2:DescribeInstances', 'ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'ec2:DescribeNatGateways',
        'elbv2:DescribeLoadBalancers', 'eks:DescribeCluster', 'logs:DescribeLogGroups', 'k8s:Node', 'k8s:Pod'
    )
    QUALIFY row_number() OVER (PARTITION BY kind, resource_key ORDER BY life DESC, valid_from DESC, id) = 1
)
WHERE ended_at IS NULL AND last_seen_at >= looked_at - INTERVAL 1 DAY
    AND looked_at >= newest - to_days(CAST($seen_days AS INTEGER))
