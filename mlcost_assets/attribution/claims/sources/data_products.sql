-- Data products: what is tagged with a product is of the one model beside which a registry has it, the work that only
-- prepares its data as well. A product of several models is none's.
--
-- Keys are read by what they are called (DataProduct, data-product), a slip of the keys included. Reads the temporary
-- table carried_tags, and MLflow's tags on models, versions and runs.
WITH tracked AS (
    SELECT kind, id, body, file || ':' || line AS source
    FROM metadata_records
    WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:ModelVersion', 'mlflow:Run')
    QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY collected_at DESC, file, line) = 1
),

tagged AS (
    SELECT carrier AS resource_key, tag_key, tag_value, source
    FROM carried_tags
    WHERE NOT starts_with(carrier, 'account:')
    UNION ALL
    SELECT id, tag.key, tag.value, source
    FROM (
        SELECT id, source,
            unnest(entries_of(coalesce(json_extract(body, '$.data.tags'), json_extract(body, '$.tags')))) AS tag
        FROM tracked
    )
),

told AS (
    SELECT resource_key, normal_form(tag_value) AS product,
        min({'said': tag_key || ' = ' || tag_value, 'source': source}) AS first
    FROM tagged
    WHERE damerau_levenshtein(replace(normal_form(plain_key(tag_key)), '-', ''), 'dataproduct') <= 1
        AND why_nothing(tag_value, 'model') IS NULL
    GROUP BY ALL
),

entry AS (
    SELECT resource_key, coalesce(name_dictionary.name, normal_form(registered.name)) AS model
    FROM (
        SELECT resource_key, name FROM resource_history WHERE kind = 'sagemaker:DescribeModelPackageGroup'
        UNION
        SELECT id, body ->> '$.name' FROM tracked WHERE kind = 'mlflow:RegisteredModel'
    ) AS registered
    LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
        AND name_dictionary.compact = replace(normal_form(registered.name), '-', '')
),

of_model AS (
    SELECT told.product, min(entry.model) AS model
    FROM told
    JOIN entry USING (resource_key)
    GROUP BY told.product
    HAVING count(DISTINCT entry.model) = 1
)

SELECT told.resource_key, 'model' AS dimension, of_model.model AS value, always_from() AS valid_from,
    always_to() AS valid_to, 'code' AS source, 'tag' AS method, 'code' AS code, 'tag' AS place, told.first.said AS said,
    [graded('code')] AS factors, [told.first.source] AS path
FROM told
JOIN of_model USING (product)
ANTI JOIN entry ON entry.resource_key = told.resource_key
