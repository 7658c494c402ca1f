-- What AWS stamps on the resources of the bill: whom and what they were made
-- for. These tags need no person to set them.
WITH tagged AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS id, region_id AS region,
        account_id,
        tag_set, min(charge_date) AS first_date
    FROM daily_charges WHERE resource_id <> '' AND tag_set IS NOT NULL
    GROUP BY ALL
),

stamped AS (
    SELECT id, region, account_id, first_date, unnest(map_entries(tags)) AS tag
    FROM tagged
    JOIN (
        SELECT DISTINCT ON (tag_set) tag_set, tags FROM bill_tag_sets
    ) USING (tag_set)
),

read AS (
    SELECT id, region, account_id, CAST(min(first_date) AS TIMESTAMP) AS valid_from,
        CAST(NULL AS TIMESTAMP) AS valid_to,
        'bill tag ' || tag.key || ' = ' || tag.value AS source,
        -- CUR 2.0 writes user_sagemaker_space_arn for sagemaker:space-arn.
        regexp_replace(regexp_replace(tag.key, '^(user|aws)[:_]', ''), '[:/.-]', '_', 'g') AS stamp, tag.value AS value
    FROM stamped GROUP BY ALL
)

SELECT id, region, account_id, valid_from, valid_to, source,
    CASE stamp
        WHEN 'sagemaker_user_profile_arn' THEN 'worked_in_by'
        WHEN 'sagemaker_space_arn' THEN 'in_space'
        WHEN 'sagemaker_domain_arn' THEN 'stamped_by_domain'
        WHEN 'sagemaker_pipeline_execution_arn' THEN 'execution_step_of'
        WHEN 'elasticmapreduce_job_flow_id' THEN 'part_of_cluster'
        WHEN 'cloudformation_stack_name' THEN 'in_stack'
        WHEN 'aws_cloudformation_stack_name' THEN 'in_stack'
    END AS relation,
    CASE stamp
        WHEN 'elasticmapreduce_job_flow_id'
            THEN service_arn('elasticmapreduce', region, account_id, 'cluster/' || value)
        WHEN 'cloudformation_stack_name' THEN stack_key(account_id, value)
        WHEN 'aws_cloudformation_stack_name' THEN stack_key(account_id, value)
        ELSE value END AS target,
    NULL AS detail
FROM read
WHERE stamp IN (
    'sagemaker_user_profile_arn', 'sagemaker_space_arn', 'sagemaker_domain_arn', 'sagemaker_pipeline_execution_arn',
    'elasticmapreduce_job_flow_id', 'cloudformation_stack_name', 'aws_cloudformation_stack_name'
)
UNION ALL
-- A cluster stamps its nodes; that they have no pods is known where its pods are.
SELECT id, region, account_id, valid_from, valid_to, source, 'node_of',
    service_arn('eks', region, account_id, 'cluster/' || value) AS target, NULL
FROM read
WHERE is_cluster_stamp(stamp) AND starts_with(id, 'i-')
    AND target IN (SELECT DISTINCT regexp_extract(id, '^(.*)/Pod/', 1) FROM resource_history WHERE kind = 'k8s:Pod')
UNION ALL
-- A task of ECS that was over before anybody looked: its service is stamped, its cluster stands in its ARN.
SELECT id, region, account_id, valid_from, valid_to, source, 'execution_of',
    service_arn('ecs', region, account_id, 'service/' || regexp_extract(id, ':task/([^/]+)/', 1) || '/' || value), NULL
FROM read
WHERE stamp IN ('ecs_service_name', 'ecs_serviceName') AND regexp_matches(id, ':ecs:[^:]*:[^:]*:task/[^/]+/')
UNION ALL
-- A version of a model of Rekognition says in its ARN in which project it is: project/<name>/version/<version>/<time>.
SELECT DISTINCT version.id, project.region, project.account_id, project.valid_from, CAST(NULL AS TIMESTAMP),
    'bill resource ' || version.id, 'version_of', project.resource_key, NULL
FROM (
    SELECT DISTINCT resource_id AS id FROM daily_charges WHERE regexp_matches(resource_id, ':rekognition:.*:project/')
) AS version
JOIN resource_history AS project ON regexp_full_match(project.resource_key, '.*:rekognition:.*:project/[^/]+/[0-9]+')
    AND starts_with(version.id, regexp_extract(project.resource_key, '^(.*/)[0-9]+$', 1) || 'version/')
UNION ALL
-- An app's ARN says in which space, or for whom, it ran: app/<domain>/<space or user>/<type>/<name>.
SELECT DISTINCT id, region, account_id, valid_from, valid_to, 'bill resource ' || id,
    unnest(['in_space', 'worked_in_by']),
    unnest(
        [
            replace(regexp_extract(id, '^(.*:app/[^/]+/[^/]+)', 1), ':app/', ':space/'),
            replace(regexp_extract(id, '^(.*:app/[^/]+/[^/]+)', 1), ':app/', ':user-profile/')
        ]
    ),
    NULL
FROM (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS id, region_id AS region,
        account_id,
        CAST(min(charge_date) AS TIMESTAMP) AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to
    FROM daily_charges
    WHERE resource_id LIKE '%:app/%'
    GROUP BY ALL
)
