-- What a server or job is told to load: arguments such as --model, and variables such as MODEL_NAME and HF_MODEL_ID
-- (vLLM, TGI, TEI, Triton, the SageMaker containers); the name that it serves under only where nothing else is told.
-- A hub's id is its last part; of a path it is the folder that names something, where only one does; of an address in
-- MLflow's registry (models:/<name>/<version>, models:/<name>@<alias>, MLflow: "Model Registry") it is the name, in a
-- variable or argument of any name but one that tells what is started from.
--
-- is_base: adapters are loaded upon it (vLLM's --lora-modules), so what is served is not called after it
WITH told AS (
    SELECT id AS resource_key, meaning, value, source AS record FROM record_values
),

variable AS (
    SELECT resource_key, record, entry.key AS key, entry.value AS said
    FROM (
        SELECT *, unnest(entries_of(value)) AS entry FROM told WHERE meaning = 'environment'
    )
),

command AS (
    SELECT resource_key, source AS record, array_to_string(
        CASE kind
            WHEN 'k8s:Pod'
                THEN list_concat(body ->> '$.spec.containers[*].command[*]', body ->> '$.spec.containers[*].args[*]')
            WHEN 'ecs:DescribeTaskDefinition' THEN body ->> '$.taskDefinition.containerDefinitions[*].command[*]'
            WHEN 'batch:DescribeJobDefinitions' THEN body ->> '$.containerProperties.command[*]'
            ELSE body ->> '$.container.command[*]'
        END,
        ' '
    ) AS command
    FROM resource_history
    WHERE kind IN ('k8s:Pod', 'ecs:DescribeTaskDefinition', 'batch:DescribeJobDefinitions', 'batch:DescribeJobs')
),

adapted AS (
    SELECT resource_key FROM command WHERE regexp_matches(command, '--lora[-_](modules|adapters|paths)')
    UNION
    SELECT resource_key FROM variable WHERE key = 'LORA_ADAPTERS'
),

given AS (
    SELECT resource_key, record, said, false AS is_alias
    FROM variable
    WHERE regexp_matches(key, '^(HF_|SM_|OPTION_|SM_VLLM_|MLSERVER_)?MODEL(_(NAME|ID|PATH|URI|S3_URI))?$|^STORAGE_URI$')
        OR starts_with(said, 'models:/')
        AND NOT regexp_matches(
            normal_form(key),
            '(^|-)(base|baseline|parent|source|from|init|initial|pretrained|previous|teacher|start)(-|$)'
        )
    UNION ALL
    SELECT resource_key, record, unnest([value ->> '$.model_name', value ->> '$.model', value ->> '$.model-name']),
        false
    FROM told
    WHERE meaning = 'parameters'
    UNION ALL
    SELECT resource_key, record, unnest(regexp_extract_all(
        command,
        '(?:--model(?:[-_](?:id|name|path|uri)|_name_or_path)?[ =]+|\bvllm serve +)([^-\s"''][^\s"'']*)', 1)), false
    FROM command
    UNION ALL
    SELECT resource_key, record,
        unnest(regexp_extract_all(command, '--served[-_]model[-_]name[ =]+([^-\s"''][^\s"'']*)', 1)), true
    FROM command
),

part AS (
    SELECT *, unnest(CASE WHEN is_path THEN string_split(path, '/') ELSE [path] END) AS part
    FROM (
        SELECT *, starts_with(said, '/') OR contains(said, '://') AS is_path,
            CASE
                WHEN is_path THEN regexp_replace(said, '^[a-z0-9]+://[^/]+', '')
                WHEN starts_with(said, 'models:/') THEN regexp_extract(said, '^models:/([^/@]+)', 1)
                ELSE regexp_extract(said, '[^/]*$')
            END AS path
        FROM given
        WHERE said <> ''
        QUALIFY NOT is_alias OR bool_and(is_alias) OVER (PARTITION BY resource_key)
    )
),

telling AS (
    FROM part
    WHERE part <> ''
        AND len(list_filter(string_split(normal_form(part), '-'), lambda word: NOT is_ordinary(word))) > 0
)

SELECT DISTINCT resource_key,
    CASE WHEN count(DISTINCT part) OVER (PARTITION BY resource_key, said) = 1 THEN part ELSE path END AS text,
    regexp_matches(said, '^s3a?://') AS is_stored, starts_with(said, 'models:/') AS is_registered,
    resource_key IN (SELECT resource_key FROM adapted) AS is_base, record
FROM telling
