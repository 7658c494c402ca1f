-- Artifacts under one key in several buckets: copies of each other, as a promotion to another account makes them.
-- So are a folder with its slash and without.
--
-- Reads the temporary table stated_edges. A key is told apart by at least three folders.
WITH artifact AS (
    SELECT DISTINCT to_id AS uri, regexp_extract(to_id, '^s3://[^/]+/(.+?)/?$', 1) AS path, min(source) AS source,
        min(valid_from) AS valid_from
    FROM stated_edges
    WHERE relation IN ('produced', 'contains', 'loads') AND starts_with(to_id, 's3://')
    GROUP BY to_id
)

SELECT copy.uri AS from_id, original.uri AS to_id, 'copy_of' AS relation,
    greatest(copy.valid_from, original.valid_from) AS valid_from,
    CAST(NULL AS TIMESTAMP) AS valid_to, copy.source, CAST(NULL AS VARCHAR) AS detail
FROM artifact AS copy
JOIN artifact AS original ON original.path = copy.path AND original.uri < copy.uri
WHERE len(string_split(copy.path, '/')) >= 3
