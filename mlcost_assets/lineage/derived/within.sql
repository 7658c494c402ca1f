-- S3 locations that records speak of → the measured prefixes (s3:PrefixUsage) they lie in, or that lie in them; and
-- MLflow's runs → those in which their artifacts lie.
--
-- Reads the temporary table stated_edges. A location belongs to the longest measured prefix above it; a measured prefix
-- below what is read as a whole belongs to that, unless something nearer speaks for it. A bucket's root says nothing.
WITH measured AS (
    SELECT 's3://' || json_extract_string(body, '$.Bucket') || '/'
        || trim(json_extract_string(body, '$.Prefix'), '/') AS prefix,
        min(collected_at) AS valid_from, min_by(file || ':' || line, (collected_at, file, line)) AS source
    FROM metadata_records WHERE kind = 's3:PrefixUsage' AND trim(json_extract_string(body, '$.Prefix'), '/') <> ''
    GROUP BY ALL
),

location AS (
    SELECT to_id AS uri, 'within' AS relation, rtrim(regexp_replace(to_id, '^s3a://', 's3://'), '/') AS path
    FROM stated_edges
    WHERE starts_with(to_id, 's3')
    UNION
    SELECT id, 'writes', rtrim(regexp_replace(body ->> '$.info.artifact_uri', '^s3a://', 's3://'), '/')
    FROM metadata_records
    WHERE kind = 'mlflow:Run' AND starts_with(body ->> '$.info.artifact_uri', 's3')
),

-- Every folder above a path, itself included: s3://bucket/a/b, s3://bucket/a.
folder AS (
    SELECT uri, relation, path, array_to_string(list_slice(parts, 1, depth), '/') AS folder,
        len(parts) - depth AS distance
    FROM (
        SELECT *, string_split(path, '/') AS parts FROM location
    ),
        range(4, len(parts) + 1) AS depths (depth)
),

prefix_folder AS (
    SELECT prefix, array_to_string(list_slice(parts, 1, depth), '/') AS folder, len(parts) - depth AS distance
    FROM (
        SELECT *, string_split(prefix, '/') AS parts FROM measured
    ),
        range(4, len(parts)) AS depths (depth)
),

above AS (
    SELECT uri, relation, measured.prefix
    FROM folder
    JOIN measured ON measured.prefix = folder.folder
    QUALIFY row_number() OVER (PARTITION BY uri ORDER BY distance) = 1
),

below AS (
    SELECT location.uri, location.relation, prefix_folder.prefix
    FROM prefix_folder
    JOIN location ON location.path = prefix_folder.folder
    WHERE prefix NOT IN (SELECT prefix FROM above)
    QUALIFY rank() OVER (PARTITION BY prefix ORDER BY distance) = 1
)

SELECT uri AS from_id, prefix AS to_id, relation, valid_from, CAST(NULL AS TIMESTAMP) AS valid_to, source,
    CAST(NULL AS VARCHAR) AS detail
FROM (
    FROM above
    UNION ALL
    FROM below
)
JOIN measured USING (prefix)
WHERE uri <> prefix
