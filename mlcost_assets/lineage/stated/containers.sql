-- Amazon ECS, AWS Batch and AWS HealthOmics: what a task was started for, what it runs, and on which machine.
WITH service AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE kind = 'ecs:DescribeServices'
),

task AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE kind = 'ecs:DescribeTasks'
),

machine AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE kind = 'ecs:DescribeContainerInstances'
),

-- A job that AWS tried again had a task each time.
job AS (
    SELECT * REPLACE (resource_key AS id),
        list_distinct(
            list_append(body ->> '$.attempts[*].container.taskArn', body ->> '$.container.taskArn')
        ) AS tasks
    FROM resource_history
    WHERE kind = 'batch:DescribeJobs'
),

run AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE kind = 'omics:GetRun'
)

SELECT *, 'configured_by' AS relation, body ->> '$.taskDefinition' AS target, NULL AS detail FROM service
UNION ALL
SELECT *, 'execution_of', body ->> '$.taskDefinitionArn', NULL FROM task
UNION ALL
-- A group is service:<name> for the tasks of a service.
SELECT *, 'execution_of',
    service_arn(
        'ecs', region, account_id,
        'service/' || regexp_extract(body ->> '$.clusterArn', '[^/]+$') || '/'
            || nullif(regexp_extract(body ->> '$.group', '^service:(.+)$', 1), '')
    ),
    NULL
FROM task
UNION ALL
SELECT *, 'runs_on_node', body ->> '$.containerInstanceArn', NULL FROM task
UNION ALL
SELECT *, 'is_instance', body ->> '$.ec2InstanceId', NULL FROM machine
UNION ALL
SELECT job.* EXCLUDE (tasks), 'execution_of', body ->> '$.jobDefinition', NULL FROM job
UNION ALL
SELECT job.* EXCLUDE (tasks) REPLACE (unnest(tasks) AS id), 'execution_of', id, NULL FROM job
UNION ALL
-- A task on Fargate has no machine that is billed. A job that does not tell its task stands for it.
SELECT job.* EXCLUDE (tasks) REPLACE (coalesce(body ->> '$.container.taskArn', id) AS id), 'runs_on_node',
    body ->> '$.container.containerInstanceArn', NULL
FROM job
UNION ALL
-- A workflow that is ready to run is AWS's; one that is shared is its owner's.
SELECT *, 'execution_of',
    service_arn(
        'omics', region, coalesce(body ->> '$.workflowOwnerId', account_id), 'workflow/' || (body ->> '$.workflowId')
    ),
    NULL
FROM run
WHERE body ->> '$.workflowType' = 'PRIVATE'
