-- Who worked with what: Studio's user profiles, callers signed in as a person, MLflow's users.
WITH profile AS (
    SELECT DISTINCT resource_key, normal_form(regexp_extract(resource_key, '[^/]+$')) AS person FROM (
        SELECT resource_key FROM resource_history WHERE kind = 'sagemaker:DescribeUserProfile'
        UNION
        SELECT to_id FROM lineage_edges WHERE relation = 'worked_in_by'
    )
),

direct AS (
    SELECT edge.from_id AS resource_key, profile.person, edge.source
    FROM lineage_edges AS edge JOIN profile ON profile.resource_key = edge.to_id
    WHERE edge.relation = 'worked_in_by'
    UNION ALL
    -- A role's session is called as the person who signed in.
    SELECT thing.resource_key, profile.person, 'caller ' || thing.iam_principal
    FROM billed_things AS thing JOIN profile ON profile.person = normal_form(regexp_extract(thing.iam_principal, '[^/]+$'))
    UNION ALL
    SELECT resource_key(value, NULL, NULL, NULL, NULL), normal_form(person), record
    FROM (
        SELECT unnest(list_transform(run_tags, lambda t: t.value)) AS value, list_filter(run_tags, lambda t: t.key = 'mlflow.user')[1].value AS person, record
        FROM (
            SELECT from_json(coalesce(json_extract(body, '$.data.tags'), '[]'), '[{"key":"VARCHAR","value":"VARCHAR"}]') AS run_tags, file || ':' || line AS record
            FROM metadata_records WHERE kind = 'mlflow:Run'
        )
    )
    WHERE regexp_matches(value, '^arn:[^:]*:sagemaker:.*-job/') AND person <> ''
)

SELECT resource_key, person, min(source) AS source
FROM (
    FROM direct
    UNION ALL
    SELECT edge.from_id, direct.person, direct.source
    FROM lineage_edges AS edge JOIN direct ON direct.resource_key = edge.to_id
    WHERE edge.relation = 'in_space'
)
WHERE resource_key IS NOT NULL AND person IS NOT NULL
GROUP BY resource_key, person
