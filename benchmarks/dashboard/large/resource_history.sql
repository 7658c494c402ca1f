-- What metadata knows of each resource.
SELECT resource_key AS id, 1 AS life, 'sagemaker:DescribeEndpoint' AS kind, resource_key, account_id,
    'us-east-1' AS region,
    'serving-' || number AS name, CAST(first_day AS TIMESTAMP) AS valid_from,
    CAST(first_day AS TIMESTAMP) AS created_at,
    MAP {'model': model, 'team': team} AS tags, '{}' AS body, 'landed' AS source,
    CAST(first_day + 500 AS TIMESTAMP) AS last_seen_at
FROM thing
