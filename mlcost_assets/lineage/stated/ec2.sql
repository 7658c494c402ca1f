-- EC2: what a disk, a snapshot or a network interface belongs to.
WITH history AS (
    SELECT * REPLACE (resource_key AS id)
    FROM resource_history
    WHERE starts_with(kind, 'ec2:') OR starts_with(kind, 'elbv2:')
),

balancer AS (
    SELECT DISTINCT id, regexp_extract(id, 'loadbalancer/(.*)$', 1) AS path
    FROM history WHERE kind = 'elbv2:DescribeLoadBalancers'
)

SELECT history.*, 'attached_to' AS relation, unnest(body ->> '$.Attachments[*].InstanceId') AS target, NULL AS detail
FROM history WHERE kind = 'ec2:DescribeVolumes'
UNION ALL
-- The disks that a machine lists, of which no record of their own tells.
SELECT * FROM (
    SELECT history.* REPLACE (unnest(body ->> '$.BlockDeviceMappings[*].Ebs.VolumeId') AS id), 'attached_to', id, NULL
    FROM history WHERE kind = 'ec2:DescribeInstances'
) AS disk
WHERE disk.id NOT IN (SELECT id FROM history WHERE kind = 'ec2:DescribeVolumes')
UNION ALL
SELECT history.*, 'snapshot_of', nullif(body ->> '$.VolumeId', 'vol-ffffffff'), NULL
FROM history WHERE kind = 'ec2:DescribeSnapshots'
UNION ALL
SELECT history.*, 'attached_to', unnest([body ->> '$.Attachment.InstanceId',
    nullif(regexp_extract(body ->> '$.Description', 'Interface for NAT Gateway (nat-[0-9a-f]+)', 1), '')]), NULL
FROM history WHERE kind = 'ec2:DescribeNetworkInterfaces'
UNION ALL
SELECT history.*, 'attached_to', balancer.id, NULL
FROM history
JOIN balancer ON json_extract_string(history.body, '$.Description') = 'ELB ' || balancer.path
WHERE kind = 'ec2:DescribeNetworkInterfaces'
UNION ALL
SELECT history.*, 'part_of_cluster',
    service_arn('elasticmapreduce', region, account_id, 'cluster/' || tags['aws:elasticmapreduce:job-flow-id']), NULL
FROM history WHERE tags['aws:elasticmapreduce:job-flow-id'] IS NOT NULL
UNION ALL
-- A cluster stamps its nodes; that they have no pods is known where its pods are.
SELECT history.*, 'node_of', cluster.arn, NULL
FROM history
JOIN (
    SELECT DISTINCT regexp_extract(id, '^(.*)/Pod/', 1) AS arn, account_id, region
    FROM resource_history
    WHERE kind = 'k8s:Pod'
) AS cluster
    ON cluster.arn = service_arn(
        'eks', history.region, history.account_id,
        'cluster/' || coalesce(
            tags['aws:eks:cluster-name'], tags['eks:cluster-name'], tags['eks:eks-cluster-name'],
            tags['alpha.eksctl.io/cluster-name']
        )
    )
WHERE kind = 'ec2:DescribeInstances'
UNION ALL
SELECT history.*, 'draws_on', body ->> '$.CapacityReservationId', NULL
FROM history WHERE kind = 'ec2:DescribeInstances'
UNION ALL
-- Both controllers stamp the disks they make.
SELECT history.*, 'in_namespace',
    cluster.resource_key || '/Namespace/' || tags['kubernetes.io/created-for/pvc/namespace'], NULL
FROM history
JOIN (
    SELECT DISTINCT resource_key FROM resource_history WHERE kind = 'eks:DescribeCluster'
) AS cluster
    ON cluster.resource_key = service_arn(
        'eks', region, account_id,
        'cluster/'
            || coalesce(tags['ebs.csi.aws.com/cluster-name'], tags['eks:cluster-name'], tags['aws:eks:cluster-name'])
    )
WHERE tags['kubernetes.io/created-for/pvc/namespace'] IS NOT NULL
