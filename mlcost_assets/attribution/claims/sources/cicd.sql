-- Deployments and tracked runs: what a workflow or MLflow says of the resources it names.
WITH deployment AS (
    SELECT unnest(body ->> '$.resources[*]') AS resource,
        coalesce(time_from_text(body ->> '$.occurred_at'), collected_at) AS moment, file || ':' || line AS record,
        region, account_id, id AS run, body,
        concat_ws(
            ' ', body ->> '$.provider', body ->> '$.repository', body ->> '$.workflow', body ->> '$.run_id'
        ) AS label,
        -- A branch that is called like an environment is deployed to it; a word in a longer name says nothing.
        regexp_replace(body ->> '$.ref', '^(refs/heads/)?((env|environments?|deploy)/)?', '') AS branch
    FROM metadata_records WHERE kind = 'cicd:Deployment'
),

run AS (
    SELECT file || ':' || line AS record, body ->> '$.info.run_id' AS run_id, body ->> '$.info.run_name' AS run_name,
        entries_of(json_extract(body, '$.data.tags')) AS run_tags,
        entries_of(json_extract(body, '$.data.params')) AS params
    FROM metadata_records WHERE kind = 'mlflow:Run'
),

-- The jobs of SageMaker that a run names among its tags and parameters, by their ARN or name.
run_job AS (
    SELECT DISTINCT said.record, coalesce(job.resource_key, resource_key(said.text, NULL, NULL, NULL, NULL)) AS job
    FROM (
        SELECT record, unnest(list_transform(list_concat(run_tags, params), lambda t: t.value)) AS text FROM run
    ) AS said
    LEFT JOIN (
        SELECT DISTINCT name, resource_key FROM resource_history WHERE regexp_matches(kind, '^sagemaker:Describe.*Job$')
    ) AS job ON job.name = said.text
    WHERE job.name IS NOT NULL OR regexp_matches(said.text, '^arn:[^:]*:sagemaker:.*-job/')
),

-- The model as which MLflow's registry keeps what a run made.
registered_run AS (
    SELECT run_id, min(name) AS name FROM (
        SELECT body ->> '$.name' AS name, unnest(body ->> '$.latest_versions[*].run_id') AS run_id
        FROM metadata_records
        WHERE kind = 'mlflow:RegisteredModel'
        UNION
        SELECT body ->> '$.name', body ->> '$.run_id' FROM metadata_records WHERE kind = 'mlflow:ModelVersion'
    )
    WHERE run_id <> ''
    GROUP BY run_id HAVING count(DISTINCT name) = 1
),

-- A job that carries the number of the workflow's run in its environment works for what that run deployed.
deployed_job AS (
    SELECT edge.from_id AS job, any_value(body ->> '$.model') AS model, any_value(body ->> '$.team') AS team,
        min(label) AS label, min(record) AS record
    FROM deployment
    JOIN lineage_edges AS edge ON edge.relation = 'deployed_by' AND edge.to_id = deployment.run
    WHERE contains(edge.from_id, '-job/')
    GROUP BY edge.from_id
    HAVING count(DISTINCT coalesce(body ->> '$.model', '')) = 1 AND count(DISTINCT coalesce(body ->> '$.team', '')) = 1
        AND NOT list_contains(list(resource), edge.from_id)
),

told AS (
    SELECT resource_key(resource, NULL, NULL, region, account_id) AS resource_key, unnest([
        {'dimension': 'model', 'value': body ->> '$.model'}, {'dimension': 'team', 'value': body ->> '$.team'},
        {'dimension': 'environment', 'value': coalesce(body ->> '$.environment', of_branch.environment)}
    ]) AS claim,
        label || CASE
            WHEN body ->> '$.environment' IS NULL AND of_branch.environment IS NOT NULL THEN ' from branch ' || branch
            ELSE '' END AS said,
        record, moment, 'deployment' AS code
    FROM deployment
    LEFT JOIN environment_spellings AS of_branch ON of_branch.normal_value = normal_form(branch)
    UNION ALL
    SELECT job, unnest([{'dimension': 'model', 'value': model}, {'dimension': 'team', 'value': team}]),
        label, record, NULL, 'deployment'
    FROM deployed_job
    UNION ALL
    SELECT run_job.job, unnest([
        {
            'dimension': 'model',
            'value': coalesce(
                registered_run.name, list_filter(run_tags, lambda t: t.key IN ('model', 'model_name'))[1].value,
                list_filter(params, lambda p: p.key IN ('model', 'model_name'))[1].value
            )
        },
        {'dimension': 'team', 'value': list_filter(run_tags, lambda t: t.key = 'team')[1].value}]),
        coalesce(run.run_name, run.run_id), run.record, NULL, 'run'
    FROM run
    JOIN run_job USING (record)
    LEFT JOIN registered_run USING (run_id)
),

meant AS (
    SELECT resource_key, claim.dimension AS dimension,
        CASE claim.dimension
            WHEN 'environment' THEN coalesce(environment_words.environment, normal_form(claim.value))
            ELSE coalesce(name_dictionary.name, normal_form(claim.value)) END AS value,
        moment, record, said, code
    FROM told
    LEFT JOIN name_dictionary ON name_dictionary.dimension = claim.dimension
        AND name_dictionary.compact = replace(normal_form(claim.value), '-', '')
    LEFT JOIN environment_words ON claim.dimension = 'environment' AND environment_words.word = normal_form(claim.value)
    WHERE resource_key IS NOT NULL AND why_nothing(claim.value, claim.dimension) IS NULL
),

-- What was deployed holds until something else is.
changed AS (
    SELECT *, lag(value) OVER deployments IS DISTINCT FROM value AS is_change,
        min(moment) OVER (PARTITION BY resource_key, dimension) AS first_moment
    FROM meant
    WINDOW deployments AS (PARTITION BY resource_key, dimension ORDER BY moment, value, record, said)
)

SELECT resource_key, dimension, value, coalesce(moment, always_from()) AS valid_from,
    coalesce(
        lead(moment) OVER (PARTITION BY resource_key, dimension ORDER BY moment, value, record, said), always_to()
    ) AS valid_to,
    'cicd' AS source, 'lineage' AS method, code, code AS place, said, [graded(code)] AS factors, [record] AS path
FROM changed
WHERE is_change
UNION ALL
-- Before the first deployment that landed the same is likely, no more.
SELECT resource_key, dimension, value, always_from(), moment, 'cicd', 'lineage', 'later_' || code, code, said,
    [graded('later_' || code)], [record]
FROM changed
WHERE moment IS NOT NULL AND moment = first_moment
