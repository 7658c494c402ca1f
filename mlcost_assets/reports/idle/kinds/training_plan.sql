-- A training plan that is active and of which nothing runs. It is paid in advance: what can be done is to use it.
WITH held AS (
    SELECT resource_key, min(first_seen_at) AS first_seen_at,
        max(valid_to) FILTER (
            (body ->> '$.Status') IS DISTINCT FROM 'Active' OR told_count(body ->> '$.InUseInstanceCount') > 0
        ) AS free_since
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeTrainingPlan'
    GROUP BY resource_key
)

SELECT 'training plan' AS kind, 'unused' AS degree, plan.resource_key, plan.account_id, plan.region,
    coalesce(held.free_since, held.first_seen_at) AS since,
    format(
        'It is active and none of its {} machines is in use at any look from {} to {}.',
        coalesce(body ->> '$.TotalInstanceCount', 'reserved'),
        CAST(coalesce(held.free_since, held.first_seen_at) AS DATE), CAST(looked_at AS DATE)
    ) AS evidence,
    plan.source, 0.8 AS confidence, true AS saves_unknown
FROM idle_standing AS plan
JOIN held ON held.resource_key = plan.resource_key
WHERE kind = 'sagemaker:DescribeTrainingPlan' AND (body ->> '$.Status') = 'Active'
    AND told_count(body ->> '$.InUseInstanceCount') = 0
    AND date_sub('day', coalesce(held.free_since, held.first_seen_at), looked_at) >= $plan_days
