-- How each billed run ended, and what lineage tells of the model that it made: deployed, not, or unknown, and why.
--
-- The walk goes from a run to what it made, and on to what loads, registers and serves that; no relation leads back
-- from there to another run, so it is as deep as that chain is long. A pair of run and thing is visited once, so that
-- copies of copies end it too. Deployments (many batch jobs use one model) are counted at the thing, not walked.
WITH RECURSIVE billed AS (
    SELECT DISTINCT resource_key FROM billed_things WHERE names_resource
),

record AS (
    SELECT DISTINCT ON (resource_key) resource_key, ended_at,
        list_filter(
            json_extract_string(
                body, [
                    '$.TrainingJobStatus', '$.ProcessingJobStatus', '$.TransformJobStatus',
                    '$.HyperParameterTuningJobStatus', '$.AutoMLJobStatus', '$.LabelingJobStatus', '$.status.phase',
                    '$.status'
                ]
            ), lambda word: word IS NOT NULL
        )[1] AS word
    FROM resource_history
    SEMI JOIN billed USING (resource_key)
    WHERE regexp_matches(kind, '^(sagemaker:Describe.*Job(V2)?|bedrock:Get.*Job|k8s:Pod)$')
    ORDER BY resource_key, valid_from DESC, life DESC, kind, source
),

-- Runs in MLflow that name the job in which they ran.
tracked AS (
    SELECT resource_key(job, NULL, NULL, NULL, NULL) AS resource_key, id, word
    FROM (
        SELECT id, body ->> '$.info.status' AS word,
            unnest(
                list_transform(
                    list_concat(
                        entries_of(json_extract(body, '$.data.tags')), entries_of(json_extract(body, '$.data.params'))
                    ),
                    lambda entry: entry.value
                )
            ) AS job
        FROM metadata_records
        WHERE kind = 'mlflow:Run'
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY collected_at DESC, file, line) = 1
    )
    WHERE regexp_matches(job, '^arn:[^:]*:sagemaker:[^:]*:[^:]*:[a-z-]+-job/')
    GROUP BY ALL
),

ended AS (
    SELECT resource_key, CASE
            WHEN word IN ('completed', 'succeeded', 'finished') THEN 'completed'
            WHEN word = 'failed' THEN 'failed'
            WHEN word IN ('stopped', 'killed') THEN 'stopped'
            -- What is gone and was running when it was last seen may have ended in any way.
            WHEN word IN ('inprogress', 'running', 'pending', 'scheduled', 'stopping', 'submitted', 'validating')
                AND ended_at IS NULL
                THEN 'running'
    END AS state
    FROM (
        SELECT resource_key, lower(coalesce(record.word, said.word)) AS word, ended_at
        FROM record
        FULL JOIN (
            SELECT resource_key, CASE WHEN count(DISTINCT word) = 1 THEN min(word) END AS word
            FROM tracked
            GROUP BY resource_key
        ) AS said USING (resource_key)
    )
),

-- From what was made to what was made of it.
leads AS MATERIALIZED (
    SELECT DISTINCT CASE WHEN onward THEN from_id ELSE to_id END AS thing,
        CASE WHEN onward THEN to_id ELSE from_id END AS next_thing
    FROM lineage_edges
    JOIN (
        VALUES ('produced', true), ('copy_of', true), ('copy_of', false), ('contains', false), ('generated_by', false),
            ('loads', false), ('deploys', false), ('serves', false), ('tuned_by', false)
    ) AS way (relation, onward) USING (relation)
    UNION ALL
    SELECT from_id, to_id FROM lineage_edges WHERE relation = 'contains' AND starts_with(from_id, 'models:/')
    UNION ALL
    SELECT DISTINCT resource_key, id FROM tracked
),

walked AS (
    SELECT DISTINCT thing AS resource_key, thing FROM leads WHERE regexp_matches(thing, '^arn:.*-job/')
    UNION
    SELECT resource_key, next_thing
    FROM walked
    JOIN leads USING (thing)
),

deployment AS (
    SELECT thing, regexp_matches(deployment, ':(transform|model-invocation)-job/') AS is_batch,
        CASE
            WHEN contains(deployment, '/Pod/')
                THEN 'pods of ' || regexp_extract(deployment, ':(cluster/.*)/Pod/', 1)
            ELSE short_name(deployment)
        END AS name
    FROM (
        SELECT to_id AS thing, from_id AS deployment
        FROM lineage_edges
        WHERE relation IN ('configured_by', 'hosts', 'transforms_with', 'provisions')
        UNION
        SELECT from_id, to_id FROM lineage_edges WHERE relation = 'runs_on'
        UNION
        -- What is a deployment by itself: a server that loads an artifact, a profile that is called, an imported model.
        SELECT next_thing, next_thing
        FROM leads
        WHERE regexp_matches(next_thing, '/Pod/|:application-inference-profile/|:imported-model/')
    )
),

deployed AS (
    SELECT resource_key, list(name ORDER BY is_batch, name) AS names
    FROM (
        SELECT DISTINCT resource_key, name, is_batch
        FROM walked
        JOIN deployment USING (thing)
    )
    GROUP BY resource_key
),

-- How far what a run made came: an artifact, a registered version, a model, something that could be called.
far AS (
    SELECT resource_key, nullif(max(CASE
        WHEN thing = resource_key THEN 0
        WHEN regexp_matches(thing, ':(endpoint-config|inference-component)/') THEN 4
        WHEN regexp_matches(thing, ':(model|custom-model)/') THEN 3
        WHEN regexp_matches(thing, ':model-package/|^models:/') THEN 2
        WHEN starts_with(thing, 's3') THEN 1
        ELSE 0
    END), 0) AS stage
    FROM walked
    GROUP BY resource_key
),

-- Whether all that serves is known: an account with billed endpoints of which none was seen may serve anything.
serving AS (
    SELECT EXISTS (FROM resource_history WHERE kind = 'sagemaker:DescribeEndpoint')
            OR EXISTS (FROM metadata_looks WHERE kind = 'sagemaker:DescribeEndpoint' AND complete) AS is_seen,
        (
            SELECT min(billed_things.account_id)
            FROM billed_things
            WHERE usage_class = 'hosting' AND billed_things.account_id NOT IN (
                SELECT account_id FROM resource_history
                WHERE kind = 'sagemaker:DescribeEndpoint' AND account_id IS NOT NULL
            )
        ) AS unseen_account
),

-- The tuning job of a trial, of which another trial was deployed.
sibling AS (
    SELECT DISTINCT from_id AS resource_key
    FROM lineage_edges
    JOIN deployed ON deployed.resource_key = to_id
    WHERE relation = 'tuned_by'
)

SELECT resource_key, state, names IS NOT NULL OR CASE WHEN unknown IS NULL THEN false END AS became_deployed,
    array_to_string(names[:3], ', ')
        || CASE WHEN len(names) > 3 THEN concat(' and ', len(names) - 3, ' more') ELSE '' END AS deployed_as,
    CASE WHEN names IS NULL THEN coalesce(unknown, concat_ws(', and ',
        CASE state
            WHEN 'failed' THEN 'it failed'
            WHEN 'stopped' THEN 'it was stopped'
        END,
        CASE
            WHEN stage IS NULL THEN 'it left no model artifact'
            WHEN sibling.resource_key IS NOT NULL AND stage = 1 THEN 'another trial of its tuning job was deployed'
            WHEN stage = 1 THEN 'no model or model package has its artifact'
            WHEN stage = 2 THEN 'its model is registered, and nothing deploys it'
            WHEN stage = 3 THEN 'a model has its artifact, and nothing serves that'
            ELSE 'an endpoint configuration names its model, and no endpoint has had that'
        END
    )) END AS why_not
FROM (
    SELECT resource_key
    FROM ended
    UNION
    SELECT resource_key FROM walked
)
LEFT JOIN ended USING (resource_key)
LEFT JOIN far USING (resource_key)
LEFT JOIN deployed USING (resource_key)
LEFT JOIN sibling USING (resource_key)
CROSS JOIN serving
CROSS JOIN LATERAL (
    SELECT CASE
            WHEN state = 'running' THEN 'it had not ended when it was last seen'
            WHEN stage IS NULL AND coalesce(state, '') NOT IN ('failed', 'stopped')
                THEN 'its record names no model artifact'
            WHEN stage IS NULL THEN NULL
            WHEN contains(resource_key, ':bedrock:')
                THEN 'no provisioned throughput runs its model; use on demand leaves no record'
            WHEN NOT is_seen THEN 'no endpoints were collected, so what is deployed is not known'
            WHEN unseen_account IS NOT NULL
                THEN 'account ' || unseen_account || ' has endpoints of which none was collected'
    END AS unknown
) AS known
