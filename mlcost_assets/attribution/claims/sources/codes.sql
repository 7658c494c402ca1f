-- Codes of cost centres and applications: they mean the team beside which they stand elsewhere, on resources and
-- accounts.
--
-- A key counts whose values are codes, or that is called so, when nearly all of its values stand beside one team each,
-- and these are several teams. Of teams that a thing was tagged with one after the other the last one counts. Where no
-- tag names a team, its unit does. On ML work a code means the one model beside which a model registry has it, too; and
-- where the codes of a key are those of models, several of them one team's, another code of it is how a model is called
-- that no registry knows. Reads the temporary table carried_tags.
WITH coded AS (
    FROM carried_tags WHERE code IS NOT NULL
),

team AS (
    SELECT carried.carrier, arg_max(tag_values.canonical_value, (carried.since, tag_values.canonical_value)) AS team
    FROM carried_tags AS carried
    JOIN tag_values ON plain_key(tag_values.tag_key) = plain_key(carried.tag_key)
        AND tag_values.tag_value = carried.tag_value
    JOIN finest_unit ON finest_unit.dimension = tag_values.dimension
    WHERE tag_values.canonical_value IS NOT NULL
    GROUP BY carried.carrier
),

meant AS (
    SELECT coded.code, team.team, count(DISTINCT coded.carrier) AS things,
        things / sum(count(DISTINCT coded.carrier)) OVER (PARTITION BY coded.code) AS share
    FROM coded
    JOIN team ON team.carrier = coded.carrier
    GROUP BY coded.code, team.team
    QUALIFY share >= grade('majority')
),

-- A value of a key that stands beside several teams speaks against the key.
telling AS (
    SELECT coded.tag_key
    FROM coded
    JOIN team ON team.carrier = coded.carrier
    LEFT JOIN meant ON meant.code = coded.code
    GROUP BY coded.tag_key
    HAVING count(DISTINCT meant.team) >= 2
        AND count(DISTINCT meant.code) >= grade('majority') * count(DISTINCT coded.code)
),

-- An application's code on one entry of a model registry alone: the application has one model.
entry AS (
    SELECT resource_key, coalesce(name_dictionary.name, normal_form(resource_history.name)) AS model
    FROM resource_history
    LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
        AND name_dictionary.compact = replace(normal_form(resource_history.name), '-', '')
    WHERE kind = 'sagemaker:DescribeModelPackageGroup'
),

registered AS (
    SELECT coded.code, entry.model
    FROM coded
    JOIN entry ON entry.resource_key = coded.carrier
    UNION
    SELECT normal_form(tag.value), coalesce(name_dictionary.name, normal_form(tracked.name))
    FROM (
        SELECT body ->> '$.name' AS name, unnest(entries_of(json_extract(body, '$.tags'))) AS tag
        FROM metadata_records
        WHERE kind = 'mlflow:RegisteredModel'
    ) AS tracked
    LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
        AND name_dictionary.compact = replace(normal_form(tracked.name), '-', '')
    WHERE normal_form(tag.value) IN (SELECT code FROM coded)
),

of_model AS (
    SELECT code, min(model) AS model FROM registered GROUP BY code HAVING count(DISTINCT model) = 1
),

-- Much of an application is no ML: by its place in the graph, by its service, or because it asks a model.
ml_work AS (
    SELECT resource_key FROM work_stages WHERE is_ml
    UNION
    SELECT resource_key FROM billed_things WHERE ml_service
    UNION
    SELECT from_id FROM lineage_edges
    WHERE relation IN ('calls', 'draws_on') AND regexp_matches(to_id, '^arn:[^:]*:(sagemaker|bedrock):')
),

work AS (
    SELECT coded.*, normal_form(tag_key) AS normal_key
    FROM coded
    JOIN ml_work ON ml_work.resource_key = coded.carrier
    ANTI JOIN entry ON entry.resource_key = coded.carrier
),

modelled AS (
    SELECT normal_key
    FROM (
        SELECT DISTINCT normal_form(coded.tag_key) AS normal_key, coded.code, of_model.model, team.team,
            registered.code AS known
        FROM coded
        LEFT JOIN registered USING (code)
        LEFT JOIN of_model USING (code)
        LEFT JOIN team USING (carrier)
    )
    GROUP BY normal_key
    HAVING count(DISTINCT model) >= 4 AND count(DISTINCT known) = count(DISTINCT code) FILTER (model IS NOT NULL)
        AND count(DISTINCT team) FILTER (model IS NOT NULL) < count(DISTINCT model)
        AND 2 * count(DISTINCT model) >= count(DISTINCT code)
)

SELECT coded.carrier AS resource_key, 'team' AS dimension, meant.team AS value,
    always_from() AS valid_from, always_to() AS valid_to,
    CASE WHEN starts_with(coded.carrier, 'account:') THEN 'account' ELSE 'code' END AS source, 'tag' AS method,
    'code' AS code, 'tag' AS place, min(coded.tag_key || ' = ' || coded.tag_value) AS said,
    CASE
        WHEN meant.things > 1 THEN [graded('code'), factor('beside one team', meant.share)]
        ELSE [graded('code'), factor('beside one team', meant.share), graded('seen once')] END AS factors,
    [min({'said': coded.tag_key || ' = ' || coded.tag_value, 'source': coded.source}).source] AS path
FROM coded
JOIN telling USING (tag_key)
JOIN meant USING (code)
WHERE coded.carrier NOT IN (SELECT 'account:' || id FROM shared_accounts)
GROUP BY ALL
UNION ALL
SELECT work.carrier, 'model', coalesce(of_model.model, work.code), always_from(), always_to(), 'code', 'tag', 'code',
    'tag', min(work.tag_key || ' = ' || work.tag_value), [graded('code'), graded('seen once')],
    [min({'said': work.tag_key || ' = ' || work.tag_value, 'source': work.source}).source]
FROM work
LEFT JOIN of_model USING (code)
LEFT JOIN registered USING (code)
WHERE of_model.model IS NOT NULL
    OR registered.code IS NULL AND normal_key IN (SELECT modelled.normal_key FROM modelled)
GROUP BY work.carrier, coalesce(of_model.model, work.code)
