-- Every tag seen: in the bill, on resources by their history, and names that are no tags but mean the same.
WITH billed AS (
    SELECT tag_set, any_value(tags) AS tags FROM bill_tag_sets GROUP BY tag_set
),

carried AS (
    SELECT tag_set, count(DISTINCT resource_key) AS resources, sum(effective_cost) AS effective_cost, min(first_date) AS first_seen, max(last_date) AS last_seen
    FROM tagged_charges
    GROUP BY tag_set
)

SELECT
    CASE WHEN starts_with(tag.key, 'accountTag/') THEN 'account' WHEN starts_with(tag.key, 'iamPrincipal/') THEN 'iam principal' ELSE 'bill' END AS seen_in,
    tag.key AS tag_key, tag.value AS tag_value,
    CAST(sum(greatest(resources, 1)) AS BIGINT) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    strftime(min(first_seen), '%Y-%m-%d') AS first_seen, strftime(max(last_seen), '%Y-%m-%d') AS last_seen
FROM (SELECT tag_set, unnest(map_entries(tags)) AS tag FROM billed)
JOIN carried USING (tag_set)
GROUP BY ALL
UNION ALL
SELECT
    'api', tag.key, tag.value, count(DISTINCT id), 0, strftime(min(valid_from), '%Y-%m-%d'), strftime(max(last_seen_at), '%Y-%m-%d')
FROM (SELECT id, valid_from, last_seen_at, unnest(map_entries(tags)) AS tag FROM resource_history)
GROUP BY ALL
UNION ALL
-- What a registry, a pipeline or an experiment is called.
SELECT
    'name', CASE kind
        WHEN 'sagemaker:DescribeModelPackageGroup' THEN 'sagemaker:ModelPackageGroupName'
        WHEN 'sagemaker:DescribePipeline' THEN 'sagemaker:PipelineName'
        ELSE 'sagemaker:ExperimentName' END,
    name, count(DISTINCT id), 0, strftime(min(valid_from), '%Y-%m-%d'), strftime(max(last_seen_at), '%Y-%m-%d')
FROM resource_history
WHERE name IS NOT NULL AND kind IN ('sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribePipeline', 'sagemaker:DescribeExperiment')
GROUP BY ALL
