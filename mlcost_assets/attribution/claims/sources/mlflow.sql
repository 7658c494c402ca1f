-- MLflow's registered models, and the tags of models, versions and runs, read like tags of resources. What they are
-- joined to is in lineage (derived/mlflow.sql); what a run says of the job that it names is in cicd.sql.
WITH told AS (
    SELECT kind, id AS resource_key, file || ':' || line AS record, body
    FROM metadata_records
    WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:ModelVersion', 'mlflow:Run')
    QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY collected_at DESC, file, line) = 1
),

tagged AS (
    SELECT resource_key, record,
        unnest(entries_of(coalesce(json_extract(body, '$.data.tags'), json_extract(body, '$.tags')))) AS tag
    FROM told
)

SELECT resource_key, 'model' AS dimension, coalesce(name_dictionary.name, normal_form(body ->> '$.name')) AS value,
    always_from() AS valid_from, always_to() AS valid_to, 'identity' AS source, 'lineage' AS method, 'itself' AS code,
    'itself' AS place, body ->> '$.name' AS said, [graded('itself')] AS factors, [record] AS path
FROM told
LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
    AND name_dictionary.compact = replace(normal_form(body ->> '$.name'), '-', '')
WHERE kind = 'mlflow:RegisteredModel' AND why_nothing(body ->> '$.name', 'model') IS NULL
UNION ALL
SELECT resource_key, tag_values.dimension, canonical_value, always_from(), always_to(), 'lineage', 'lineage', 'label',
    'label', min(tag.key || ' = ' || tag.value), [graded('label')],
    [min({'written': tag.key || ' = ' || tag.value, 'record': record}).record]
FROM tagged
JOIN tag_values ON tag_values.tag_key = 'mlflow/' || tag.key AND tag_values.tag_value = tag.value
WHERE canonical_value IS NOT NULL AND tag_values.dimension IN ('model', 'team', 'project', 'business_function')
GROUP BY resource_key, tag_values.dimension, canonical_value
