-- Locations in S3, and models of MLflow's registry, that containers are told in arguments and variables
-- (--output_dir=s3://…, MODEL_URI: models:/churn/3): what a server is told to load is its model; what the key calls a
-- result is written; all else is read.
WITH container AS (
    SELECT * REPLACE (resource_key AS id),
        starts_with(kind, 'batch:')
            OR regexp_full_match(
                body ->> '$.metadata.ownerReferences[0].kind', '.*Job|Workflow|SparkApplication|RayCluster|Pod'
            ) AS is_run,
        CASE kind
            WHEN 'k8s:Pod' THEN list_concat(
                body ->> '$.spec.initContainers[*].command[*]', body ->> '$.spec.initContainers[*].args[*]',
                body ->> '$.spec.containers[*].command[*]', body ->> '$.spec.containers[*].args[*]'
            )
            WHEN 'ecs:DescribeTaskDefinition' THEN list_concat(
                body ->> '$.taskDefinition.containerDefinitions[*].entryPoint[*]',
                body ->> '$.taskDefinition.containerDefinitions[*].command[*]'
            )
            WHEN 'ecs:DescribeTasks' THEN body ->> '$.overrides.containerOverrides[*].command[*]'
            WHEN 'batch:DescribeJobDefinitions' THEN list_concat(
                body ->> '$.containerProperties.command[*]',
                body ->> '$.ecsProperties.taskProperties[*].containers[*].command[*]'
            )
            ELSE body ->> '$.container.command[*]'
        END AS words
    FROM resource_history
    WHERE kind IN (
        'k8s:Pod', 'ecs:DescribeTaskDefinition', 'ecs:DescribeTasks', 'batch:DescribeJobDefinitions',
        'batch:DescribeJobs'
    )
),

-- The argument behind --output_dir is told by the one before it, and adapters by the last option before them:
-- --lora-modules one=s3://… two=s3://….
argument AS (
    SELECT * EXCLUDE (words), unnest(words) AS said, unnest([NULL] || words[:-2]) AS before,
        unnest(list_transform(range(1, len(words) + 1), lambda turn: list_filter(
            words[:turn], lambda word: starts_with(word, '-')
        )[-1])) AS option,
        list_contains(words, '/mnt/models') AS is_loader
    FROM container
),

told AS (
    SELECT id, region, account_id, valid_from, valid_to, source, is_run AND NOT is_loader AS is_run,
        CASE
            WHEN contains(lower(option), 'lora') THEN option
            WHEN regexp_matches(said, '^-*[\w.-]+=') THEN regexp_extract(said, '^-*([\w.-]+)=', 1)
            WHEN starts_with(before, '-') THEN before
            ELSE ''
        END AS key, said
    FROM argument
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        id IN (SELECT id FROM container WHERE is_run), entry.key, entry.value
    FROM (
        SELECT *, unnest(entries_of(value)) AS entry
        FROM record_values
        WHERE meaning = 'environment' AND (kind = 'sagemaker:DescribeModel' OR id IN (SELECT id FROM container))
    )
)

SELECT id, region, account_id, valid_from, valid_to, source, NULL AS detail,
    CASE
        WHEN NOT is_run AND key = '' AND contains(id, '/Pod/') THEN 'loads'
        -- Also where nothing started it that would tell whether it is a server (a pod by hand, a task of ECS).
        WHEN NOT coalesce(is_run, false) AND regexp_matches(lower(key), 'model|weights|checkpoint|storage_?uri|lora')
            THEN 'loads'
        WHEN names_result(key) THEN 'writes'
        ELSE 'reads'
    END AS relation,
    unnest(regexp_extract_all(said, '(?:s3a?://|models:/[^/])[^\s"'',;)\]}]+')) AS target
FROM told
WHERE regexp_matches(said, 's3a?://|models:/[^/]')
