-- Names that tools and people use outside of tags and registries.
--
-- Teams and projects: of deployments, MLflow, the model registry's own properties, labels. Models: what a job's
-- parameter, an artifact's folder, an image or an application is called, when a SageMaker resource or an ML workload of
-- Kubernetes is called the same but for ordinary words; and what a function, a task or a job of Batch has in
-- MODEL_NAME, whatever it is called.
WITH workload AS (
    SELECT body, body ->> '$.metadata.labels."serving.kserve.io/inferenceservice"' AS served,
        body ->> '$.metadata.ownerReferences[0].name' AS owner,
        body ->> '$.metadata.ownerReferences[0].kind' AS owner_kind
    FROM resource_history
    JOIN work_stages USING (resource_key)
    -- A notebook is somebody's work, and a platform's own tool everybody's: no model.
    WHERE kind = 'k8s:Pod' AND work_stages.is_ml
        AND coalesce(work_stages.stage NOT IN ('experimentation', 'platform'), true)
),

-- A run of a job may carry its own, generated name as application (churn-train-x7k2p, on its worker and its master);
-- one that several runs carry is what they are for. Kubernetes appends five letters and digits: where those of one run
-- are no word, those of the others beside it are none either.
application AS (
    SELECT name
    FROM (
        SELECT normal_form(body ->> '$.metadata.labels.app') AS name, count(DISTINCT owner) AS owners,
            bool_and(
                regexp_matches(coalesce(owner_kind, ''), 'Job$|^Workflow$|^SparkApplication$|^RayCluster$')
            ) AS of_runs
        FROM workload
        GROUP BY 1
    )
    QUALIFY NOT of_runs
        OR owners > 1
            AND NOT bool_or(
                regexp_matches(name, '-([0-9a-z]*[0-9][0-9a-z]*|[^aeiouy]+)$') AND regexp_matches(name, '-[0-9a-z]{5}$')
            )
        OVER (PARTITION BY of_runs, regexp_replace(name, '-[0-9a-z]{5}$', ''))
),

exact AS (
    SELECT normal_form(
        unnest(
            [
                body ->> '$.HyperParameters.model_name', body ->> '$.HyperParameters.model',
                body ->> '$.Environment.MODEL_NAME'
            ]
        )
    ) AS name
    FROM resource_history WHERE kind IN ('sagemaker:DescribeTrainingJob', 'sagemaker:DescribeModel')
    UNION
    SELECT normal_form(unnest(string_split(regexp_replace(to_id, '^s3://[^/]+/', ''), '/')))
    FROM lineage_edges
    WHERE relation IN ('produced', 'contains')
    UNION
    SELECT normal_form(regexp_extract(name, '[^/]+$')) FROM resource_history WHERE kind = 'ecr:DescribeRepositories'
    UNION
    SELECT normal_form(body ->> '$.metadata.labels."app.kubernetes.io/name"')
    FROM resource_history
    WHERE kind = 'k8s:Pod'
    UNION
    SELECT normal_form(unnest(list_append(
        list_transform(
            body ->> '$.spec.containers[*].image', lambda image: regexp_extract(image, '([^/:@]+)([:@][^/]*)?$', 1)
        ),
        served
    )))
    FROM workload
    UNION
    SELECT name FROM application
),

-- Two words that say something: a single one may be the algorithm, one with a number a version of a foundation model.
told AS (
    SELECT DISTINCT normal_form(entry.value) AS name
    FROM (
        SELECT *, unnest(entries_of(value)) AS entry
        FROM record_values
        WHERE meaning = 'environment' AND regexp_matches(kind, '^(lambda|ecs|batch):')
    )
    WHERE entry.key = 'MODEL_NAME' AND regexp_full_match(entry.value, '[A-Za-z_ -]+')
),

called AS (
    SELECT DISTINCT normal_form(name) AS name FROM resource_history
    WHERE kind IN (
        'sagemaker:DescribeModel', 'sagemaker:DescribeEndpoint', 'sagemaker:DescribeInferenceComponent',
        'sagemaker:DescribePipeline'
    )
    UNION
    SELECT normal_form(served) FROM workload
    UNION
    -- A ReplicaSet is called like its Deployment, and a hash.
    SELECT normal_form(CASE owner_kind WHEN 'ReplicaSet' THEN regexp_replace(owner, '-[^-]+$', '') ELSE owner END)
    FROM workload
)

SELECT dimension, value FROM (
    SELECT 'team' AS dimension, body ->> '$.team' AS value FROM metadata_records WHERE kind = 'cicd:Deployment'
    UNION
    SELECT key_dimensions.dimension, tag.value
    FROM (
        SELECT unnest(
            entries_of(coalesce(json_extract(body, '$.tags'), json_extract(body, '$.data.tags')))
        ) AS tag
        FROM metadata_records WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:Run')
    )
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(tag.key)
    UNION
    SELECT key_dimensions.dimension, member(object, key)
    FROM (
        SELECT object, unnest(json_keys(object)) AS key
        FROM (
            SELECT coalesce(
                json_extract(body, '$.CustomerMetadataProperties'), json_extract(body, '$.metadata.labels')
            ) AS object
            FROM resource_history WHERE kind IN ('sagemaker:DescribeModelPackage', 'k8s:Pod', 'k8s:Service')
        )
    )
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(regexp_extract(key, '[^/]+$'))
    WHERE NOT regexp_matches(key, 'app[._]kubernetes|^app$') AND NOT is_system_key(key)
)
WHERE dimension IN ('team', 'project') AND why_nothing(value, dimension) IS NULL
UNION
SELECT 'model', exact.name
FROM exact
JOIN called ON called.name = exact.name OR contains('-' || called.name || '-', '-' || exact.name || '-')
WHERE len(exact.name) >= 4 AND NOT regexp_matches(exact.name, '[0-9]{4}')
    AND len(list_filter(string_split(exact.name, '-'), lambda word: NOT is_ordinary(word))) > 0
    AND len(
        list_filter(
            string_split(replace('-' || called.name || '-', '-' || exact.name || '-', '-'), '-'),
            lambda word: word <> '' AND NOT is_ordinary(word)
        )
    ) = 0
UNION
SELECT 'model', name FROM told
WHERE len(list_filter(string_split(name, '-'), lambda word: NOT is_ordinary(word))) >= 2
    AND NOT regexp_matches(
        name,
        '(^|-)(gpt|claude|gemini|llama|mi[sx]tral|qwen|gemma|deepseek|titan|nova|falcon|command|whisper'
        '|stable-diffusion|[a-z]*bert[a-z]*|embed(ding)?s?)(-|$)'
    )
UNION
SELECT 'model', name FROM agreed_names
