-- Artifacts under one key in several buckets: copies of each other, as a promotion to another account makes them.
-- So are a folder with its slash and without.
--
-- Reads the temporary table stated_edges. A key has at least three folders. In any two buckets it is one artifact's
-- only where it tells the run that made it (a date, a hash, the job's name, which SageMaker writes before /output/ and
-- which has a number); models/xgboost/v1/model.tar.gz may be anybody's, and is one in buckets that are called the same
-- but for environment, account and region. What two jobs made, or what stands in two registries under two names, is no
-- copy: a template writes to one place in every account.
WITH artifact AS (
    SELECT to_id AS uri, regexp_extract(to_id, '^s3://[^/]+/(.+?)/?$', 1) AS path,
        -- Each word between hyphens of its own, so that neighbours are both found.
        regexp_replace(
            '-' || replace(regexp_extract(to_id, '^s3://([^/]+)/', 1), '-', '--') || '-',
            '-(prod|production|prd|live|preprod|staging|stage|stg|uat|qa|test|tst|nonprod|dev|development|sandbox|sbx'
                '|[0-9]{12}|[a-z]{2}(--gov)?--[a-z]+--[0-9])-', '', 'g'
        ) AS bucket,
        min(source) AS source, min(valid_from) AS valid_from,
        list(DISTINCT regexp_extract(from_id, '[^/]+$')) FILTER (relation = 'produced') AS makers,
        list(DISTINCT regexp_extract(from_id, ':model-package/([^/]+)', 1)) FILTER (
            relation = 'contains' AND contains(from_id, ':model-package/')
        ) AS registered
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
    AND (copy.makers IS NULL OR original.makers IS NULL OR list_has_any(copy.makers, original.makers))
    AND (
        copy.registered IS NULL OR original.registered IS NULL OR list_has_any(copy.registered, original.registered)
    )
    AND (
        copy.bucket = original.bucket
        OR regexp_matches(copy.path, '[0-9]{6}|[0-9]{4}-[0-9]{2}|[0-9a-f]{12}|[0-9][^/]*/output/model(\.tar\.gz)?$')
        OR list_has_any(string_split(copy.path, '/'), list_concat(copy.makers, original.makers))
    )
