-- Elastic Load Balancing: whom a load balancer sends requests to, and the namespace for which a controller made it.
WITH balancer AS (
    SELECT * REPLACE (resource_key AS id), regexp_extract(resource_key, 'loadbalancer/[^/]+/(.*)$', 1) AS path
    FROM resource_history
    WHERE kind = 'elbv2:DescribeLoadBalancers'
),

target AS (
    SELECT * EXCLUDE (path), regexp_matches(target, '^[0-9.]+$|^[0-9a-f:]+:[0-9a-f:]+$') AS is_address
    FROM (
        SELECT *, unnest(body ->> '$.TargetGroups[*].Targets[*].Id') AS target FROM balancer
    )
),

address AS (
    SELECT resource_key, account_id, region, valid_from, valid_to,
        unnest(
            list_concat([body ->> '$.PrivateIpAddress', body ->> '$.status.podIP'], body ->> '$.status.podIPs[*].ip')
        ) AS address
    FROM resource_history WHERE kind IN ('k8s:Pod', 'ec2:DescribeInstances')
),

-- AWS's controller tags what it makes with the namespace and the name of an ingress or a service; Kubernetes' own does
-- so with that of a service.
made AS (
    SELECT * EXCLUDE (path), service_arn('eks', region, account_id, 'cluster/' || cluster) AS cluster_key,
        split_part(made_for, '/', 1) AS namespace, split_part(made_for, '/', 2) AS made_for_name
    FROM (
        SELECT *,
            coalesce(
                tags['ingress.k8s.aws/stack'], tags['service.k8s.aws/stack'], tags['kubernetes.io/service-name']
            ) AS made_for,
            coalesce(
                tags['elbv2.k8s.aws/cluster'],
                regexp_extract(
                    list_filter(map_keys(tags), lambda key: starts_with(key, 'kubernetes.io/cluster/'))[1], '[^/]+$'
                )
            ) AS cluster
        FROM balancer
    )
    WHERE contains(made_for, '/') AND cluster <> ''
),

-- A ReplicaSet is called like its Deployment, and a hash.
pod AS (
    SELECT resource_key, valid_from, valid_to, regexp_extract(resource_key, '^(.*)/Pod/', 1) AS cluster_key,
        body ->> '$.metadata.namespace' AS namespace,
        unnest(list_distinct([
            body ->> '$.metadata.ownerReferences[0].name',
            regexp_replace(body ->> '$.metadata.ownerReferences[0].name', '-[^-]+$', ''),
            body ->> '$.metadata.labels."app.kubernetes.io/instance"'
        ])) AS workload
    FROM resource_history
    WHERE kind = 'k8s:Pod'
)

SELECT * EXCLUDE (is_address), 'routes_to' AS relation, NULL AS detail FROM target WHERE NOT is_address
UNION ALL BY NAME
-- A target by its address is the pod or the instance that had it then.
SELECT target.* EXCLUDE (target, is_address) REPLACE (
    greatest(target.valid_from, address.valid_from) AS valid_from, least(target.valid_to, address.valid_to) AS valid_to
),
    'routes_to' AS relation, address.resource_key AS target, CAST(json_object('address', address) AS VARCHAR) AS detail
FROM target
JOIN address ON address.address = target.target AND address.account_id = target.account_id
    AND address.region = target.region
    AND address.valid_from < coalesce(target.valid_to, 'infinity')
    AND target.valid_from < coalesce(address.valid_to, 'infinity')
WHERE is_address
UNION ALL BY NAME
-- Kubernetes names a balancer by its host name.
SELECT balancer.* EXCLUDE (path), 'routes_to' AS relation, service.resource_key AS target, NULL AS detail
FROM balancer
JOIN (
    SELECT resource_key, unnest(body ->> '$.status.loadBalancer.ingress[*].hostname') AS hostname
    FROM resource_history
    WHERE kind = 'k8s:Service'
) AS service
    ON lower(service.hostname) = lower(balancer.body ->> '$.DNSName')
    OR starts_with(lower(service.hostname), replace(path, '/', '-') || '.')
UNION ALL BY NAME
-- A service of ECS names the target groups in which it puts its tasks.
SELECT balancer.* EXCLUDE (path), 'routes_to' AS relation, service.resource_key AS target, NULL AS detail
FROM balancer
JOIN (
    SELECT DISTINCT resource_key, unnest(body ->> '$.loadBalancers[*].targetGroupArn') AS target_group
    FROM resource_history
    WHERE kind = 'ecs:DescribeServices'
) AS service
    ON list_contains(balancer.body ->> '$.TargetGroups[*].TargetGroupArn', service.target_group)
UNION ALL BY NAME
SELECT * EXCLUDE (cluster_key, namespace, made_for_name), 'in_namespace' AS relation,
    cluster_key || '/Namespace/' || namespace AS target, NULL AS detail
FROM made
UNION ALL BY NAME
-- An ingress is called like the workload that it leads to.
SELECT DISTINCT made.* EXCLUDE (cluster_key, namespace, made_for_name) REPLACE (
    greatest(made.valid_from, pod.valid_from) AS valid_from, least(made.valid_to, pod.valid_to) AS valid_to
),
    'routes_to' AS relation, pod.resource_key AS target, NULL AS detail
FROM made
JOIN pod ON pod.cluster_key = made.cluster_key AND pod.namespace = made.namespace
    AND pod.workload = made.made_for_name
    AND pod.valid_from < coalesce(made.valid_to, 'infinity') AND made.valid_from < coalesce(pod.valid_to, 'infinity')
