-- A load balancer behind which nothing stands. One without target groups may answer or redirect by itself.
WITH balancer AS (
    SELECT resource_key, first_seen_at, valid_to,
        len(body ->> '$.TargetGroups[*].Targets[*].Id') > 0
            OR json_array_length(body, '$.TargetGroups') = 0 AS is_used
    FROM resource_history
    WHERE kind = 'elbv2:DescribeLoadBalancers' AND json_type(body, '$.TargetGroups') = 'ARRAY'
),

held AS (
    SELECT resource_key, min(first_seen_at) AS first_seen_at, max(valid_to) FILTER (is_used) AS empty_since
    FROM balancer
    GROUP BY resource_key
)

SELECT 'load balancer' AS kind, 'unused' AS degree, balancer.resource_key, balancer.account_id, balancer.region,
    coalesce(held.empty_since, held.first_seen_at) AS since, held.empty_since AS last_used_at,
    format(
        'None of its {} target groups has a target, at every look from {} to {}.',
        json_array_length(body, '$.TargetGroups'), CAST(coalesce(held.empty_since, held.first_seen_at) AS DATE),
        CAST(looked_at AS DATE)
    ) AS evidence,
    balancer.source, 0.9 AS confidence,
    aws_command(
        'elbv2 delete-load-balancer', balancer.region, json_object('LoadBalancerArn', balancer.resource_key)
    ) AS how_to_stop
FROM idle_standing AS balancer
JOIN held ON held.resource_key = balancer.resource_key
WHERE balancer.kind = 'elbv2:DescribeLoadBalancers' AND json_array_length(body, '$.TargetGroups') > 0
    AND len(body ->> '$.TargetGroups[*].Targets[*].Id') = 0
    AND date_sub('day', coalesce(held.empty_since, held.first_seen_at), looked_at) >= $balancer_days
