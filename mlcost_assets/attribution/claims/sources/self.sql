-- Resources that are the value themselves: a pipeline is its pipeline, an agent its agent, a registry group is its
-- model. A group that nobody could look at is known by its packages, and these by what deploys them.
WITH history AS (
    SELECT resource_key, kind, name, source FROM resource_history
    UNION ALL
    SELECT sagemaker_arn('model-package-group', body ->> '$.ModelPackageGroupName', region, account_id) AS packed_in,
        'sagemaker:DescribeModelPackageGroup', body ->> '$.ModelPackageGroupName', min(source)
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeModelPackage' AND packed_in NOT IN (SELECT resource_key FROM resource_history)
    GROUP BY ALL
    UNION ALL
    SELECT to_id, 'sagemaker:DescribeModelPackageGroup', regexp_extract(to_id, '[^/]+$'), min(source)
    FROM lineage_edges
    WHERE relation = 'version_of' AND contains(to_id, ':model-package-group/')
        AND from_id NOT IN (SELECT resource_key FROM resource_history)
        AND to_id NOT IN (SELECT resource_key FROM resource_history)
    GROUP BY to_id
)

SELECT DISTINCT
    resource_key, tag_values.dimension, coalesce(name_dictionary.name, canonical_value) AS value,
    always_from() AS valid_from, always_to() AS valid_to,
    CASE tag_values.dimension WHEN 'model' THEN 'identity' ELSE 'lineage' END AS source, 'lineage' AS method,
    'itself' AS code, 'itself' AS place, history.name AS said, [graded('itself')] AS factors,
    [history.source] AS path
FROM history
JOIN tag_values
    ON tag_values.tag_value = history.name
    AND tag_values.tag_key = CASE kind
        WHEN 'sagemaker:DescribeModelPackageGroup' THEN 'sagemaker:ModelPackageGroupName'
        WHEN 'sagemaker:DescribePipeline' THEN 'sagemaker:PipelineName'
        WHEN 'sagemaker:DescribeExperiment' THEN 'sagemaker:ExperimentName'
        WHEN 'bedrock-agent:GetAgent' THEN 'bedrock:AgentName'
        WHEN 'bedrock-agent:GetFlow' THEN 'bedrock:AgentName'
        WHEN 'bedrock-agentcore-control:GetAgentRuntime' THEN 'bedrock:AgentName' END
LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model' AND tag_values.dimension = 'model'
    AND name_dictionary.compact = replace(normal_form(history.name), '-', '')
WHERE canonical_value IS NOT NULL
