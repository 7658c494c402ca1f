-- A machine of ECS or AWS Batch: by what its tasks reserve × the time they ran on it that day, weighed as pods are;
-- idle time goes along (docs/contract.md#idle-time-of-a-node). What a task of Batch reserves, its job tells; a job that
-- names no task stands for it.
WITH told AS (
    SELECT resource_key AS task, valid_from, coalesce(ended_at, valid_to) AS valid_to, last_seen_at, source,
        false AS of_job,
        len(body ->> '$.containers[*].gpuIds[*]') AS accelerators,
        told_number(body ->> '$.cpu') / 1024 AS cores, told_number(body ->> '$.memory') AS mebibytes
    FROM resource_history
    WHERE kind = 'ecs:DescribeTasks'
    UNION ALL
    SELECT coalesce(body ->> '$.container.taskArn', resource_key), valid_from, coalesce(ended_at, valid_to),
        last_seen_at, source, true,
        list_sum(list_transform(reserved, lambda one: CASE one.type WHEN 'GPU' THEN one.amount END)),
        coalesce(
            list_sum(list_transform(reserved, lambda one: CASE one.type WHEN 'VCPU' THEN one.amount END)),
            told_number(body ->> '$.container.vcpus')
        ),
        coalesce(
            list_sum(list_transform(reserved, lambda one: CASE one.type WHEN 'MEMORY' THEN one.amount END)),
            told_number(body ->> '$.container.memory')
        )
    FROM (
        SELECT *,
            list_transform(
                json_extract(body, '$.container.resourceRequirements[*]'),
                lambda one: {'type': one ->> '$.type', 'amount': told_number(one ->> '$.value')}
            ) AS reserved
        FROM resource_history
        WHERE kind = 'batch:DescribeJobs'
    )
),

-- What nobody saw end was gone when the next looks at its cluster no longer had it.
task AS (
    SELECT task, valid_from, source,
        coalesce(
            valid_to,
            CASE
                WHEN last_seen_at < max(last_seen_at) OVER (PARTITION BY regexp_extract(task, '^(.*)/', 1))
                    - INTERVAL 2 DAY
                    THEN last_seen_at
            END,
            always_to()
        ) AS valid_to,
        greatest(
            grade('an accelerator') * coalesce(accelerators, 0) + grade('a vcpu') * coalesce(cores, 0)
            + grade('a gibibyte') * coalesce(mebibytes, 0) / 1024,
            grade('any pod')
        ) AS weight
    FROM told
    WHERE task <> ''
    QUALIFY row_number() OVER (PARTITION BY task ORDER BY of_job DESC, valid_from, source) = 1
),

machine AS (
    SELECT DISTINCT edge.from_id AS task, billed.to_id AS instance
    FROM lineage_edges AS edge
    JOIN lineage_edges AS billed ON billed.relation = 'is_instance' AND billed.from_id = edge.to_id
    WHERE edge.relation = 'runs_on_node' AND regexp_matches(edge.from_id, ':task/|:batch:.*:job/')
),

billed_day AS (
    SELECT DISTINCT resource_id AS instance, CAST(charge_date AS TIMESTAMP) AS day
    FROM daily_charges
    WHERE starts_with(resource_id, 'i-')
)

SELECT instance AS resource_key, NULL AS instance_type, task AS consumer_key,
    sum(
        (epoch(least(task.valid_to, day + INTERVAL 1 DAY)) - epoch(greatest(task.valid_from, day))) * task.weight
    ) AS weight,
    day AS valid_from, day + INTERVAL 1 DAY AS valid_to, 'tasks' AS kind, [min(task.source)] AS sources
FROM task
JOIN machine USING (task)
JOIN billed_day USING (instance)
WHERE day < task.valid_to AND day + INTERVAL 1 DAY > task.valid_from
GROUP BY instance, day, task
HAVING weight > 0
