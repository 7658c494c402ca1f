-- Models that no registry knows: names on which the parts of one workload agree in independent kinds of record.
--
-- Around each part stand what made it, loads it or serves it. A name counts that at least two kinds of record there
-- carry: what is deployed, the jobs, the pipeline, the artifact's folder, that of a job's input, the script, the
-- source's folder, the image or repository, the role, an argument; one word of the language needs three. Roles and
-- images may be of many workloads, so they do not count among themselves. Words that say nothing of what is named are
-- left off, and so is what a tool puts behind a name. Reads the temporary tables names_carried, model_arguments and
-- english.
--
-- What things are called after their team is not their model.
WITH team AS (
    SELECT array_to_string(list_filter(string_split(normal_form(name), '-'), lambda part: NOT is_ordinary(part)), '-')
        AS stem
    FROM (
        SELECT canonical_value AS name FROM tag_values WHERE dimension IN ('team', 'business_function')
        UNION
        SELECT canonical FROM registry_names WHERE dimension IN ('team', 'business_function')
    )
    WHERE normal_form(name) IS NOT NULL
),

pod AS (
    SELECT resource_key, body
    FROM resource_history
    JOIN work_stages USING (resource_key)
    WHERE kind = 'k8s:Pod' AND work_stages.is_ml
        AND coalesce(work_stages.stage NOT IN ('experimentation', 'platform'), true)
),

-- Functions that call a model; what stands in front of an agent is that agent's.
application AS (
    SELECT from_id AS resource_key FROM lineage_edges
    WHERE relation IN ('calls', 'draws_on') AND regexp_matches(to_id, '^arn:[^:]*:(sagemaker|bedrock):')
        AND NOT regexp_matches(to_id, ':bedrock:[^:]*:[^:]*:(agent|flow)/')
    UNION
    SELECT edge.from_id
    FROM lineage_edges AS edge
    JOIN billed_things AS billed ON billed.service_code = 'AmazonBedrock'
        AND regexp_extract(billed.iam_principal, ':assumed-role/([^/]+)', 1) = regexp_extract(edge.to_id, '[^/]+$')
    WHERE edge.relation = 'runs_as'
),

-- Folders in which versions of several registered models lie are called after none of them.
shared_folder AS (
    SELECT array_to_string(parts[:depth], '/') AS place
    FROM (
        SELECT body ->> '$.name' AS name, string_split(body ->> '$.source', '/') AS parts
        FROM metadata_records
        WHERE kind = 'mlflow:ModelVersion'
    ), range(4, len(parts)) AS depths (depth)
    GROUP BY place
    HAVING count(DISTINCT name) > 1
),

carried AS (
    SELECT resource_key, normal, CASE
        WHEN place IN ('image', 'code repository') THEN 'code'
        WHEN place IN ('role', 'caller') THEN 'role'
        WHEN place = 'parameter model_name' THEN 'argument'
        -- A job of Glue is called after its script, or the other way round.
        WHEN place = 'script' AND contains(resource_key, ':glue:') THEN 'job'
        WHEN place IN ('script', 'source archive') THEN place
        WHEN regexp_matches(resource_key, ':(endpoint|endpoint-config|model|inference-component)/') THEN 'deployment'
        WHEN regexp_matches(resource_key, ':(training-job|processing-job|transform-job|hyper-parameter-tuning-job)/')
            OR regexp_matches(resource_key, ':glue:.*:job/')
            THEN 'job'
        WHEN regexp_matches(resource_key, ':(pipeline|experiment|stateMachine)[/:]') THEN 'pipeline'
        WHEN regexp_matches(resource_key, ':(custom-model|imported-model|provisioned-model)/') THEN 'deployment'
        -- A service is called like its image, whatever it loads.
        WHEN regexp_matches(resource_key, ':ecs:.*:(service|task-definition)/|:batch:.*:(job-definition|job)/')
            AND resource_key IN (SELECT resource_key FROM work_stages WHERE is_ml)
            THEN 'code'
        WHEN contains(resource_key, ':function:') AND resource_key IN (SELECT resource_key FROM application)
            THEN 'function'
    END AS kind
    FROM names_carried
    WHERE place IN (
        'name', 'image', 'code repository', 'role', 'caller', 'parameter model_name', 'script', 'source archive'
    )
    UNION ALL
    -- A repository may stand below that of its team (risk/churn).
    SELECT resource_key, normal_form(regexp_extract(text, '[^/]+$')), 'code' FROM names_carried
    WHERE place = 'image' AND contains(text, '/')
    UNION ALL
    -- What a training job reads may be called after what it trains.
    SELECT from_id, normal_form(unnest(string_split(regexp_replace(to_id, '^s3a?://[^/]+/', ''), '/'))), 'input'
    FROM lineage_edges
    WHERE relation = 'reads' AND contains(from_id, ':training-job/') AND starts_with(to_id, 's3')
    UNION ALL
    -- SageMaker writes what a job makes into a folder of the job's name: that says the name once more.
    SELECT to_id, folder, 'artifact'
    FROM (
        SELECT to_id, normal_form(parts[depth]) AS folder, array_to_string(parts[:depth], '/') AS place
        FROM (
            SELECT DISTINCT to_id, string_split(to_id, '/') AS parts
            FROM lineage_edges
            WHERE relation IN ('produced', 'contains', 'loads', 'copy_of') AND starts_with(to_id, 's3')
        ), range(4, len(parts) + 1) AS depths (depth)
    )
    WHERE folder NOT IN (
        SELECT normal FROM names_carried WHERE place = 'name' AND regexp_matches(resource_key, '-job/')
    )
        AND place NOT IN (SELECT place FROM shared_folder)
    UNION ALL
    -- Somebody called the folder so that a server loads, and whoever runs the server tells it that.
    SELECT resource_key, normal_form(text), 'artifact' FROM model_arguments WHERE is_stored AND NOT is_base
    UNION ALL
    -- Where a training job on Kubernetes is told to write: the first folder that says something, and not whose it is.
    SELECT from_id,
        list_filter(
            list_transform(
                string_split(regexp_replace(to_id, '^s3a?://[^/]+/', ''), '/'), lambda folder: normal_form(folder)
            ),
            lambda folder: list_bool_or(
                list_transform(string_split(folder, '-'), lambda word: NOT is_ordinary(word))
            ) AND NOT list_contains(teams.stems, folder)
        )[1],
        'output'
    FROM lineage_edges
    CROSS JOIN (
        SELECT coalesce(list(stem), []) AS stems FROM team
    ) AS teams
    JOIN work_stages ON work_stages.resource_key = lineage_edges.from_id AND work_stages.is_ml
        AND work_stages.stage IN ('training', 'tuning')
    WHERE relation = 'writes' AND starts_with(to_id, 's3') AND regexp_matches(from_id, '/Pod/')
    UNION ALL
    -- ML work on Kubernetes: what owns its pods, without what a ReplicaSet appends, or what its operator notes of
    -- that; and their images.
    SELECT resource_key, normal_form(CASE body ->> '$.metadata.ownerReferences[0].kind'
        WHEN 'ReplicaSet' THEN regexp_replace(body ->> '$.metadata.ownerReferences[0].name', '-[^-]+$', '')
        ELSE body ->> '$.metadata.ownerReferences[0].name' END), 'deployment'
    FROM pod
    UNION ALL
    SELECT resource_key, normal_form(unnest([
        body ->> '$.metadata.labels."ray.io/originated-from-cr-name"',
        body ->> '$.metadata.labels."training.kubeflow.org/job-name"',
        body ->> '$.metadata.labels."serving.kserve.io/inferenceservice"',
        body ->> '$.metadata.labels."app.kubernetes.io/name"'
    ])), 'deployment'
    FROM pod
    UNION ALL
    -- As split-cost rows call what a pod is of.
    SELECT resource_key, normal_form(text), 'deployment'
    FROM names_carried
    JOIN work_stages USING (resource_key)
    WHERE regexp_matches(label, 'workload[_-]name') AND work_stages.is_ml
        AND coalesce(work_stages.stage NOT IN ('experimentation', 'platform'), true)
    UNION ALL
    SELECT resource_key,
        normal_form(
            regexp_extract(unnest(body ->> '$.spec.containers[*].image'), '([^/:@]+)([:@][^/]*)?$', 1)
        ),
        'code'
    FROM pod
),

word AS (
    SELECT DISTINCT normal, unnest(string_split(normal, '-')) AS word,
        generate_subscripts(string_split(normal, '-'), 1) AS turn
    FROM carried WHERE kind IS NOT NULL AND len(normal) < 80
),

-- Without what says nothing, and without what a tool appends.
stem AS (
    SELECT normal, string_agg(word, '-' ORDER BY turn) AS stem
    FROM word
    WHERE NOT is_ordinary(word) AND NOT is_code_word(word)
    GROUP BY normal
    UNION
    SELECT normal, string_agg(word, '-' ORDER BY turn) AS stem
    FROM (
        FROM word
        WHERE NOT is_ordinary(word) AND NOT is_code_word(word)
        QUALIFY turn < max(turn) OVER (PARTITION BY normal) OR NOT regexp_matches(word, '[0-9]|^[^aeiouy]{4,}$')
    )
    GROUP BY normal
),

voice AS (
    SELECT DISTINCT carried.resource_key, stem.stem, carried.kind
    FROM carried
    JOIN stem USING (normal)
    WHERE carried.kind IS NOT NULL AND len(replace(stem.stem, '-', '')) >= 4
        AND NOT is_code(stem.stem)
),

around AS (
    SELECT resource_key, resource_key AS part FROM voice
    UNION
    SELECT from_id, to_id FROM lineage_edges WHERE is_binding(relation)
    UNION
    SELECT to_id, from_id FROM lineage_edges WHERE is_binding(relation)
),

heard AS (
    SELECT DISTINCT around.resource_key, voice.stem, voice.kind
    FROM around
    JOIN voice ON voice.resource_key = around.part
),

agreed AS (
    SELECT stem FROM heard
    GROUP BY resource_key, stem
    HAVING bool_or(kind NOT IN ('code', 'role'))
        AND count(DISTINCT kind) >= CASE WHEN stem IN (SELECT word FROM english) THEN 3 ELSE 2 END
),

-- A part of the name stands elsewhere (the image shelfscan of the endpoint shelfscan-detector), and is no name itself.
in_part AS (
    SELECT long.stem
    FROM heard AS long
    JOIN heard AS short ON short.resource_key = long.resource_key AND short.kind <> long.kind
        AND contains('-' || long.stem || '-', '-' || short.stem || '-') AND short.stem <> long.stem
    WHERE long.kind NOT IN ('code', 'role', 'function') AND short.kind NOT IN ('output', 'input')
        AND short.stem NOT IN (SELECT word FROM english)
        AND short.stem NOT IN (SELECT stem FROM agreed)
),

-- A job is called after what it trains, and what it does there; its folder tells where that begins (osprey-align-r2
-- writes to osprey/). And a folder that a server loads and that, elsewhere, a training job writes or reads is called
-- after what is trained and served.
trained AS (
    SELECT output.stem
    FROM voice AS output
    JOIN voice AS job ON job.resource_key = output.resource_key AND job.kind IN ('deployment', 'job')
        AND starts_with(job.stem, output.stem || '-')
    WHERE output.kind = 'output' AND output.stem NOT IN (SELECT word FROM english)
    UNION
    SELECT output.stem
    FROM voice AS output
    JOIN voice AS loaded ON loaded.stem = output.stem AND loaded.kind = 'artifact'
    WHERE output.kind IN ('output', 'input') AND output.stem NOT IN (SELECT word FROM english)
),

-- What a pipeline makes is called after its execution, in every place at once.
execution AS (
    SELECT lower(regexp_extract(unnest([from_id, to_id]), '/execution/([^/]+)', 1)) AS stem
    FROM lineage_edges
    WHERE contains(from_id, '/execution/') OR contains(to_id, '/execution/')
)

SELECT DISTINCT stem AS name
FROM (
    FROM agreed
    UNION
    FROM in_part
    UNION
    FROM trained
)
ANTI JOIN team USING (stem)
ANTI JOIN execution USING (stem)
-- Those who run the machines put their own name into everything.
WHERE NOT regexp_full_match(stem, '(ml|ai|llm|data)-?(ops|platform|science|engineering)')
