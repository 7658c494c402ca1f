-- MLflow: where in S3 a registered version lies, and the locations that a run logged as its inputs (mlflow.log_input)
-- or has among its parameters: what a key calls a result is written, all else is read. What it made is in
-- lineage/derived/mlflow.
WITH version AS (
    SELECT id, region, account_id, collected_at AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to,
        file || ':' || line AS source, rtrim(body ->> '$.source', '/') AS place
    FROM metadata_records
    WHERE kind = 'mlflow:ModelVersion'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY collected_at DESC, file DESC, line DESC) = 1
),

run AS (
    SELECT id, region, account_id, collected_at AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to,
        file || ':' || line AS source, body
    FROM metadata_records
    WHERE kind = 'mlflow:Run'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY collected_at DESC, file DESC, line DESC) = 1
),

told AS (
    SELECT * EXCLUDE (body, parameter), parameter.key AS key, parameter.value AS said
    FROM (
        SELECT *, unnest(entries_of(json_extract(body, '$.data.params'))) AS parameter FROM run
    )
    UNION ALL
    -- A source is JSON in a text.
    SELECT * EXCLUDE (body), '', unnest(body ->> '$.inputs.dataset_inputs[*].dataset.source') FROM run
)

SELECT * EXCLUDE (key, said),
    CASE WHEN names_result(key) THEN 'writes' ELSE 'reads' END AS relation,
    unnest(regexp_extract_all(said, 's3a?://[^\s"'',;)\]}\\]+')) AS target, NULL AS detail
FROM told
WHERE regexp_matches(said, 's3a?://')
UNION ALL BY NAME
SELECT * EXCLUDE (place), 'contains' AS relation, place AS target, NULL AS detail
FROM version
WHERE regexp_matches(place, '^s3a?://[^/]+/.')
