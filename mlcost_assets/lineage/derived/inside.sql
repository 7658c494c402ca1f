-- What is read → the folder that it lies in, where a data job or a feature group wrote
-- that folder. A bucket's root says nothing. A run of AWS HealthOmics has a folder of its own: a model that is loaded
-- from it is what the run made, too.
--
-- Reads the temporary table stated_edges. Where training and endpoints write,
-- many may have written: that tells no owner.
WITH written AS (
    SELECT to_id AS uri, rtrim(regexp_replace(to_id, '^s3a://', 's3://'), '/') AS folder,
        bool_or(regexp_matches(from_id, ':omics:')) AS is_of_a_run
    FROM stated_edges
    WHERE relation = 'writes' AND regexp_matches(to_id, '^s3a?://[^/]+/[^/]')
        AND regexp_matches(from_id, ':glue:|:elasticmapreduce:|:feature-group/|:processing-job/|:omics:')
    GROUP BY to_id
),

read AS (
    SELECT to_id AS uri, string_split(rtrim(regexp_replace(to_id, '^s3a://', 's3://'), '/'), '/') AS parts,
        coalesce(min(source) FILTER (relation = 'reads'), min(source)) AS source,
        coalesce(min(valid_from) FILTER (relation = 'reads'), min(valid_from)) AS valid_from,
        bool_or(relation = 'reads') AS is_read
    FROM stated_edges WHERE relation IN ('reads', 'loads', 'contains') AND starts_with(to_id, 's3')
    GROUP BY to_id
)

SELECT read.uri AS from_id, written.uri AS to_id, 'within' AS relation, read.valid_from,
    CAST(NULL AS TIMESTAMP) AS valid_to, read.source, CAST(NULL AS VARCHAR) AS detail
FROM read, range(4, len(parts)) AS depths (depth)
JOIN written
    ON written.folder = array_to_string(list_slice(parts, 1, depth), '/') AND (read.is_read OR written.is_of_a_run)
QUALIFY row_number() OVER (PARTITION BY read.uri ORDER BY depth DESC, written.uri) = 1
