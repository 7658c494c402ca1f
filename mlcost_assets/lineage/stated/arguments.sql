-- Locations in S3 that containers are told in arguments and variables (--output_dir=s3://…, MODEL_URI: s3://…): what a
-- server is told to load is its model; what the key calls a result is written; all else is read.
WITH pod AS (
    SELECT * REPLACE (resource_key AS id),
        regexp_full_match(
            body ->> '$.metadata.ownerReferences[0].kind', '.*Job|Workflow|SparkApplication|RayCluster|Pod'
        ) AS is_run,
        list_concat(
            body ->> '$.spec.initContainers[*].command[*]', body ->> '$.spec.initContainers[*].args[*]',
            body ->> '$.spec.containers[*].command[*]', body ->> '$.spec.containers[*].args[*]'
        ) AS words
    FROM resource_history WHERE kind = 'k8s:Pod'
),

-- The argument behind --output_dir is told by the one before it.
argument AS (
    SELECT * EXCLUDE (words), unnest(words) AS said, unnest([NULL] || words[:-2]) AS before,
        list_contains(words, '/mnt/models') AS is_loader
    FROM pod
),

told AS (
    SELECT id, region, account_id, valid_from, valid_to, source, is_run AND NOT is_loader AS is_run,
        CASE
            WHEN regexp_matches(said, '^-*[\w.-]+=') THEN regexp_extract(said, '^-*([\w.-]+)=', 1)
            WHEN starts_with(before, '-') THEN before
            ELSE ''
        END AS key, said
    FROM argument
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        kind = 'k8s:Pod' AND id IN (SELECT id FROM pod WHERE is_run), entry.key, entry.value
    FROM (
        SELECT *, unnest(entries_of(value)) AS entry
        FROM record_values
        WHERE meaning = 'environment' AND kind IN ('k8s:Pod', 'sagemaker:DescribeModel')
    )
)

SELECT id, region, account_id, valid_from, valid_to, source, NULL AS detail,
    CASE
        WHEN NOT is_run AND (key = '' OR regexp_matches(lower(key), 'model|weights|checkpoint|storage_?uri'))
            THEN 'loads'
        WHEN regexp_matches(lower(key), 'out|save|dest|sink|checkpoint|ckpt|result|target|write|export|(^|[^a-z])log')
            THEN 'writes'
        ELSE 'reads'
    END AS relation,
    unnest(regexp_extract_all(said, 's3a?://[^\s"'',;)\]}]+')) AS target
FROM told
WHERE contains(said, 's3://') OR contains(said, 's3a://')
