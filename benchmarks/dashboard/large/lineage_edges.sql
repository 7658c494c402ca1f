-- Each endpoint serves a model that a job trained.
SELECT resource_key AS from_id, related.key AS to_id, related.relation, CAST(first_day AS TIMESTAMP) AS valid_from,
    CAST(first_day + 500 AS TIMESTAMP) AS valid_to, 'sagemaker:DescribeEndpoint' AS source
FROM (
    SELECT *, unnest([
        {'key': resource_key || '/config', 'relation': 'uses'}, {'key': resource_key || '/model', 'relation': 'serves'}
    ]) AS related
    FROM thing
)
