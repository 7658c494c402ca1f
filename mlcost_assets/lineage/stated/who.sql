-- Who did it: the caller that made something, the workflow run and the commit it came from. Callers from CloudTrail's
-- record contents ("userIdentity"); commits from the model registry, from deployments, and from the variables that CI
-- systems set and people pass on.
WITH -- A lookup may tell an event again.
event AS (
    SELECT account_id, region, coalesce(time_from_text(body ->> '$.EventTime'), collected_at) AS valid_from,
        CAST(NULL AS TIMESTAMP) AS valid_to,
        file || ':' || line AS source, json_extract(body, '$.CloudTrailEvent') AS told
    FROM metadata_records WHERE kind = 'cloudtrail:LookupEvents'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY file, line) = 1
),

made AS (
    SELECT * EXCLUDE (told), coalesce(told ->> '$.userIdentity.arn', told ->> '$.userIdentity.invokedBy') AS caller,
        CAST(
            json_object('event', told ->> '$.eventName', 'invoked_by', told ->> '$.userIdentity.invokedBy') AS VARCHAR
        ) AS detail,
        unnest(
            list_concat(
                list_filter(told ->> '$.responseElements.*', lambda answer: starts_with(answer, 'arn:')),
                told ->> '$.responseElements.instancesSet.items[*].instanceId'
            )
        ) AS id
    FROM event
),

deployment AS (
    SELECT id, account_id, region, coalesce(time_from_text(body ->> '$.occurred_at'), collected_at) AS valid_from,
        CAST(NULL AS TIMESTAMP) AS valid_to, file || ':' || line AS source, body
    FROM metadata_records WHERE kind = 'cicd:Deployment'
),

variables AS (
    SELECT id, account_id, region, valid_from, valid_to, source, value AS variable
    FROM record_values
    WHERE meaning = 'environment'
),

commit AS (
    SELECT resource_key AS id, account_id, region, valid_from, valid_to, source,
        body ->> '$.MetadataProperties.Repository' AS repository, body ->> '$.MetadataProperties.CommitId' AS commit
    FROM resource_history
    UNION ALL
    SELECT id, account_id, region, valid_from, valid_to, source, body ->> '$.repository', body ->> '$.commit'
    FROM deployment
    UNION ALL
    SELECT id, account_id, region, valid_from, valid_to, source,
        coalesce(
            variable ->> '$.GITHUB_REPOSITORY', variable ->> '$.CI_PROJECT_PATH',
            variable ->> '$.CODEBUILD_SOURCE_REPO_URL'
        ),
        coalesce(
            variable ->> '$.GITHUB_SHA', variable ->> '$.CI_COMMIT_SHA',
            variable ->> '$.CODEBUILD_RESOLVED_SOURCE_VERSION'
        )
    FROM variables
)

SELECT * EXCLUDE (caller), 'created_by' AS relation, caller AS target FROM made
UNION ALL BY NAME
-- A session's ARN names its role without the path of it.
SELECT * EXCLUDE (caller, id), caller AS id, 'session_of' AS relation,
    regexp_replace(caller, '^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$', 'arn:\1:iam::\2:role/\3') AS target
FROM made
WHERE caller LIKE '%:assumed-role/%'
QUALIFY row_number() OVER (PARTITION BY caller ORDER BY valid_from, source) = 1
UNION ALL BY NAME
SELECT * EXCLUDE (id, body, target), target AS id, 'deployed_by' AS relation, deployment.id AS target, NULL AS detail
FROM (
    SELECT *, unnest(body ->> '$.resources[*]') AS target FROM deployment
) AS deployment
UNION ALL BY NAME
SELECT variables.* EXCLUDE (variable), 'deployed_by' AS relation, coalesce(
    'github/' || (variable ->> '$.GITHUB_REPOSITORY') || '/runs/' || (variable ->> '$.GITHUB_RUN_ID'),
    'gitlab/' || (variable ->> '$.CI_PROJECT_PATH') || '/runs/' || (variable ->> '$.CI_PIPELINE_ID')
) AS target, NULL AS detail
FROM variables
UNION ALL BY NAME
-- https://host/group/name.git and git@host:group/name are group/name.
SELECT * EXCLUDE (repository, commit), 'built_from' AS relation,
    regexp_replace(
        regexp_replace(coalesce(repository, ''), '^(\w+://([^@/]+@)?[^/]+/|[^@/]+@[^:/]+:)', ''), '(\.git)?/?$', ''
    ) || '@' || commit AS target,
    NULL AS detail
FROM commit WHERE commit <> ''
