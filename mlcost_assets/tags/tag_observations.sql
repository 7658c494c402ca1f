-- Every tag seen: in the bill, on resources and accounts by their history, as Kubernetes labels and
-- namespaces, in MLflow and deployments, and names that are no tags but mean the same. What is no tag of AWS
-- stands under a key of its own kind: label/team, mlflow/team, costCategory/Team, cicd:team (as AWS itself
-- writes accountTag/team and iamPrincipal/team).
WITH billed AS (
    SELECT tag_set, unnest(map_entries(any_value(tags))) AS tag FROM bill_tag_sets GROUP BY tag_set
),

carried AS (
    SELECT tag_set, count(DISTINCT resource_key) AS resources, sum(effective_cost) AS effective_cost,
        min(first_date) AS first_seen, max(last_date) AS last_seen
    FROM tag_carriers
    WHERE tag_set IS NOT NULL
    GROUP BY tag_set
),

-- What a thing cost in all, whether the bill shows its tags or not; of pods, their part of the machine.
cost AS (
    SELECT carrier, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM (
        SELECT resource_key AS carrier, effective_cost FROM tag_carriers WHERE resource_key IS NOT NULL
        UNION ALL
        SELECT 'account:' || account_id, effective_cost FROM tag_carriers
        UNION ALL
        SELECT resource_key(resource_id, NULL, NULL, region_id, account_id), cost FROM split_costs
    )
    GROUP BY carrier
),

told AS (
    SELECT CASE kind WHEN 'organizations:DescribeAccount' THEN 'account' ELSE 'api' END AS seen_in, tag.key AS tag_key,
        tag.value AS tag_value,
        CASE kind WHEN 'organizations:DescribeAccount' THEN 'account:' || resource_key ELSE resource_key END AS carrier,
        valid_from AS first_seen, last_seen_at AS last_seen
    FROM (
        SELECT kind, resource_key, valid_from, last_seen_at, unnest(map_entries(tags)) AS tag FROM resource_history
    )
    UNION ALL
    SELECT 'kubernetes', 'label/' || key, member(labels, key), resource_key, valid_from,
        last_seen_at
    FROM (
        SELECT *, unnest(json_keys(labels)) AS key
        FROM (
            SELECT resource_key, valid_from, last_seen_at, json_extract(body, '$.metadata.labels') AS labels
            FROM resource_history
            WHERE starts_with(kind, 'k8s:')
            UNION ALL
            SELECT resource_key, valid_from, last_seen_at, json_extract(body, '$.metadata.annotations')
            FROM resource_history
            WHERE kind = 'k8s:Namespace'
        )
    )
    UNION ALL
    SELECT 'kubernetes', 'kubernetes:Namespace', json_extract_string(body, '$.metadata.namespace'), resource_key,
        valid_from, last_seen_at
    FROM resource_history WHERE starts_with(kind, 'k8s:')
    UNION ALL
    SELECT 'mlflow', 'mlflow/' || tag.key, tag.value, id, collected_at, collected_at
    FROM (
        SELECT id, collected_at,
            unnest(
                entries_of(coalesce(json_extract(body, '$.data.tags'), json_extract(body, '$.tags')))
            ) AS tag
        FROM metadata_records WHERE starts_with(kind, 'mlflow:')
    )
    UNION ALL
    SELECT 'ci', 'cicd:' || said.key, said.value, id, collected_at, collected_at
    FROM (
        SELECT id, collected_at,
            unnest([{'key': 'model', 'value': body ->> '$.model'}, {'key': 'team', 'value': body ->> '$.team'},
            {'key': 'environment', 'value': body ->> '$.environment'}]) AS said
        FROM metadata_records WHERE kind = 'cicd:Deployment'
    )
    UNION ALL
    -- What a registry, a pipeline, an experiment or an agent is called.
    SELECT 'name', CASE kind
            WHEN 'sagemaker:DescribeModelPackageGroup' THEN 'sagemaker:ModelPackageGroupName'
            WHEN 'sagemaker:DescribePipeline' THEN 'sagemaker:PipelineName'
            WHEN 'sagemaker:DescribeExperiment' THEN 'sagemaker:ExperimentName'
            ELSE 'bedrock:AgentName' END,
        name, resource_key, valid_from, last_seen_at
    FROM resource_history
    WHERE kind IN (
        'sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribePipeline', 'sagemaker:DescribeExperiment',
        'bedrock-agent:GetAgent', 'bedrock-agent:GetFlow', 'bedrock-agentcore-control:GetAgentRuntime'
    )
    UNION ALL
    SELECT 'name', 'sagemaker:ModelPackageGroupName', body ->> '$.ModelPackageGroupName',
        sagemaker_arn('model-package-group', body ->> '$.ModelPackageGroupName', region, account_id), valid_from,
        last_seen_at
    FROM resource_history WHERE kind = 'sagemaker:DescribeModelPackage'
    UNION ALL
    SELECT 'name', 'sagemaker:ModelPackageGroupName', regexp_extract(to_id, '[^/]+$'), to_id, valid_from, valid_from
    FROM lineage_edges
    WHERE relation = 'version_of' AND contains(to_id, ':model-package-group/')
        AND from_id NOT IN (SELECT resource_key FROM resource_history)
    UNION ALL
    SELECT 'name', 'mlflow:RegisteredModel', body ->> '$.name', id, collected_at, collected_at
    FROM metadata_records WHERE kind = 'mlflow:RegisteredModel'
),

carrying AS (
    SELECT seen_in, tag_key, tag_value, carrier, min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM told
    WHERE tag_value IS NOT NULL
    GROUP BY ALL
)

SELECT
    CASE
        WHEN starts_with(tag.key, 'accountTag/') THEN 'account'
        WHEN starts_with(tag.key, 'iamPrincipal/') THEN 'iam principal'
        ELSE 'bill' END AS seen_in,
    tag.key AS tag_key, tag.value AS tag_value,
    CAST(sum(greatest(resources, 1)) AS BIGINT) AS resources,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    strftime(min(first_seen), '%Y-%m-%d') AS first_seen, strftime(max(last_seen), '%Y-%m-%d') AS last_seen,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS carrier_cost
FROM billed
JOIN carried USING (tag_set)
GROUP BY ALL
UNION ALL
SELECT 'cost category', 'costCategory/' || category, value, count(DISTINCT resource_key), 0,
    strftime(min(first_date), '%Y-%m-%d'),
    strftime(max(last_date), '%Y-%m-%d'),
    CAST(sum(effective_cost) AS DECIMAL(28,10))
FROM cost_categories
GROUP BY ALL
UNION ALL
SELECT seen_in, tag_key, tag_value, count(*), 0, strftime(min(first_seen), '%Y-%m-%d'),
    strftime(max(last_seen), '%Y-%m-%d'),
    CAST(coalesce(sum(cost.effective_cost), 0) AS DECIMAL(28,10))
FROM carrying
LEFT JOIN cost USING (carrier)
GROUP BY ALL
