-- Every tag seen: in the bill by period, on resources by their history.
SELECT
    'bill' AS seen_in, tag.key AS tag_key, tag.value AS tag_value,
    count(*) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    min(billing_period) AS first_seen, max(billing_period) AS last_seen
FROM (SELECT billing_period, effective_cost, unnest(map_entries(tags)) AS tag FROM bill_tag_sets)
GROUP BY ALL
UNION ALL
SELECT
    'api', tag.key, tag.value, count(DISTINCT id), 0, strftime(min(valid_from), '%Y-%m-%d'), strftime(max(last_seen_at), '%Y-%m-%d')
FROM (SELECT id, valid_from, last_seen_at, unnest(map_entries(tags)) AS tag FROM resource_history)
GROUP BY ALL
UNION ALL
-- Names that are no tags but mean the same: what a registry, a pipeline or an experiment is called.
SELECT
    'name', CASE kind
        WHEN 'sagemaker:DescribeModelPackageGroup' THEN 'sagemaker:ModelPackageGroupName'
        WHEN 'sagemaker:DescribePipeline' THEN 'sagemaker:PipelineName'
        ELSE 'sagemaker:ExperimentName' END,
    name, count(DISTINCT id), 0, strftime(min(valid_from), '%Y-%m-%d'), strftime(max(last_seen_at), '%Y-%m-%d')
FROM resource_history
WHERE name IS NOT NULL AND kind IN ('sagemaker:DescribeModelPackageGroup', 'sagemaker:DescribePipeline', 'sagemaker:DescribeExperiment')
GROUP BY ALL
