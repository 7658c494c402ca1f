-- Teams and projects that tools name outside of tags: deployments, MLflow, the model registry's own properties, labels.
SELECT dimension, value FROM (
    SELECT 'team' AS dimension, body ->> '$.team' AS value FROM metadata_records WHERE kind = 'cicd:Deployment'
    UNION
    SELECT tag_keys.dimension, tag.value
    FROM (
        SELECT unnest(from_json(coalesce(json_extract(body, '$.tags'), json_extract(body, '$.data.tags'), '[]'), '[{"key":"VARCHAR","value":"VARCHAR"}]')) AS tag
        FROM metadata_records WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:Run')
    )
    JOIN tag_keys ON tag_keys.normal_key = normal_form(tag.key)
    UNION
    SELECT tag_keys.dimension, json_extract_string(object, '$."' || key || '"')
    FROM (
        SELECT object, unnest(json_keys(object)) AS key
        FROM (
            SELECT coalesce(json_extract(body, '$.CustomerMetadataProperties'), json_extract(body, '$.metadata.labels')) AS object
            FROM resource_history WHERE kind IN ('sagemaker:DescribeModelPackage', 'k8s:Pod', 'k8s:Service')
        )
    )
    JOIN tag_keys ON tag_keys.normal_key = normal_form(regexp_extract(key, '[^/]+$'))
    WHERE NOT regexp_matches(key, 'app[._]kubernetes|^app$')
)
WHERE dimension IN ('team', 'project') AND value <> ''
