-- Amazon EMR: a run on EMR Serverless is of its application; what the steps of a cluster are told to write or read,
-- where CloudTrail saw them started (RunJobFlow, AddJobFlowSteps): the cluster's own record may come too late for them.
WITH started AS (
    SELECT account_id, region, coalesce(time_from_text(body ->> '$.EventTime'), collected_at) AS valid_from,
        file || ':' || line AS source, json_extract(body, '$.CloudTrailEvent') AS told
    FROM metadata_records
    WHERE kind = 'cloudtrail:LookupEvents' AND (body ->> '$.EventName') IN ('RunJobFlow', 'AddJobFlowSteps')
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY file, line) = 1
),

step AS (
    SELECT * EXCLUDE (told),
        service_arn(
            'elasticmapreduce', region, account_id,
            'cluster/' || coalesce(told ->> '$.responseElements.jobFlowId', told ->> '$.requestParameters.jobFlowId')
        ) AS id,
        unnest(json_extract(told, '$.requestParameters.steps[*].hadoopJarStep.args')) ->> '$[*]' AS words
    FROM started
),

-- The place behind --out is told by the argument before it.
argument AS (
    SELECT * EXCLUDE (words), unnest(words) AS said, unnest([NULL] || words[:-2]) AS before
    FROM step
)

SELECT resource_key AS id, region, account_id, valid_from, valid_to, source, 'execution_of' AS relation,
    regexp_replace(resource_key, '/jobruns/.*$', '') AS target, NULL AS detail
FROM resource_history
WHERE kind = 'emr-serverless:GetJobRun' AND contains(resource_key, '/jobruns/')
UNION ALL
SELECT id, region, account_id, valid_from, NULL, source,
    CASE
        WHEN names_result(
            CASE WHEN starts_with(before, '-') THEN before ELSE regexp_extract(said, '^-*([\w.-]+)=', 1) END
        ) THEN 'writes'
        ELSE 'reads' END,
    regexp_extract(said, 's3[an]?://[^\s"'',;)\]}]+'), NULL
FROM argument
WHERE regexp_matches(said, 's3[an]?://')
