-- Codes of applications and names of data products: they mean the one model beside which a registry has them,
-- SageMaker's or MLflow's; a product of several models is none's.
--
-- A code speaks of ML work alone, for much of an application is none; what is called a data product (DataProduct,
-- data-product, a slip of the key included) need be no code, and what prepares its data is of the model, too. What a
-- thing is tagged with counts before what its role is. A cost centre is somebody's, however few models it has.
--
-- Where the codes of a key are those of models, several of them one team's, another code of it is how a model is called
-- that no registry knows. Reads the temporary tables carried_tags and model_arguments, and MLflow's tags on models,
-- versions and runs.
WITH tracked AS (
    SELECT kind, id, body, file || ':' || line AS source
    FROM metadata_records
    WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:ModelVersion', 'mlflow:Run')
    QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY collected_at DESC, file, line) = 1
),

tagged AS (
    SELECT carrier AS resource_key, tag_key, tag_value, source, code
    FROM carried_tags
    WHERE NOT starts_with(carrier, 'account:')
    UNION ALL
    SELECT id, tag.key, tag.value, source, CASE WHEN normal_form(tag.value) IN (
        SELECT carried_tags.code FROM carried_tags
    ) THEN normal_form(tag.value) END
    FROM (
        SELECT id, source,
            unnest(entries_of(coalesce(json_extract(body, '$.data.tags'), json_extract(body, '$.tags')))) AS tag
        FROM tracked
    )
),

coded AS (
    SELECT resource_key, normal_key, tag_key || ' = ' || tag_value AS said, source, is_product,
        coalesce(code, normal_form(tag_value)) AS code
    FROM (
        SELECT *, normal_form(plain_key(tag_key)) AS normal_key,
            damerau_levenshtein(replace(normal_key, '-', ''), 'dataproduct') <= 1 AS is_product
        FROM tagged
    )
    WHERE NOT is_cost_key(normal_key) AND (code IS NOT NULL OR is_product AND why_nothing(tag_value, 'model') IS NULL)
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

-- `model` where the code is one model's alone.
registered AS (
    SELECT code, CASE WHEN count(DISTINCT model) = 1 THEN min(model) END AS model
    FROM coded
    JOIN entry USING (resource_key)
    GROUP BY code
),

-- ML by its place in the graph, by its service, or because it asks or loads a model, or a tracker knows it.
ml_work AS (
    SELECT resource_key FROM work_stages WHERE is_ml
    UNION
    SELECT resource_key FROM billed_things WHERE ml_service
    UNION
    SELECT resource_key FROM model_arguments
    UNION
    SELECT id FROM tracked
    UNION
    SELECT from_id FROM lineage_edges
    WHERE relation IN ('calls', 'draws_on') AND regexp_matches(to_id, '^arn:[^:]*:(sagemaker|bedrock):')
),

work AS (
    SELECT resource_key, false AS by_role, normal_key, said, source, is_product, code
    FROM coded
    WHERE is_product OR resource_key IN (SELECT ml_work.resource_key FROM ml_work)
    UNION ALL
    SELECT acting_roles.resource_key, true, normal_key, said, source, false, code
    FROM coded
    JOIN acting_roles ON acting_roles.role = coded.resource_key
    SEMI JOIN ml_work ON ml_work.resource_key = acting_roles.resource_key
),

team AS (
    SELECT carried_tags.carrier AS resource_key, min(tag_values.canonical_value) AS team
    FROM carried_tags
    JOIN tag_values ON plain_key(tag_values.tag_key) = plain_key(carried_tags.tag_key)
        AND tag_values.tag_value = carried_tags.tag_value
    JOIN finest_unit ON finest_unit.dimension = tag_values.dimension
    GROUP BY carried_tags.carrier
),

modelled AS (
    SELECT normal_key
    FROM (
        SELECT DISTINCT normal_key, coded.code, registered.model, registered.code AS known, team.team
        FROM coded
        LEFT JOIN registered USING (code)
        LEFT JOIN team USING (resource_key)
        -- A product with a name may have several models, and says nothing of those with a code.
        WHERE is_code(coded.code)
    )
    GROUP BY normal_key
    HAVING count(DISTINCT model) >= 4 AND count(DISTINCT known) = count(DISTINCT code) FILTER (model IS NOT NULL)
        AND count(DISTINCT team) FILTER (model IS NOT NULL) < count(DISTINCT model)
        AND 2 * count(DISTINCT model) >= count(DISTINCT code)
)

SELECT resource_key, 'model' AS dimension, model AS value, always_from() AS valid_from, always_to() AS valid_to,
    'code' AS source, 'tag' AS method, kind AS code,
    CASE WHEN bool_and(by_role) THEN 'role''s tag' ELSE 'tag' END AS place, min(said) AS said,
    CASE
        WHEN bool_or(is_product) THEN [graded(kind)]
        ELSE [graded(kind), graded('seen once')] END AS factors,
    [min({'said': said, 'source': source}).source] AS path
FROM (
    SELECT resource_key, by_role, said, work.source, is_product, coalesce(registered.model, work.code) AS model,
        CASE WHEN registered.code IS NULL THEN 'product_code' ELSE 'code' END AS kind
    FROM work
    LEFT JOIN registered USING (code)
    WHERE registered.model IS NOT NULL
        OR registered.code IS NULL AND is_code(work.code) AND normal_key IN (SELECT modelled.normal_key FROM modelled)
            AND resource_key IN (SELECT ml_work.resource_key FROM ml_work)
    QUALIFY NOT by_role OR bool_and(by_role) OVER (PARTITION BY resource_key)
)
ANTI JOIN entry USING (resource_key)
GROUP BY resource_key, model, kind
