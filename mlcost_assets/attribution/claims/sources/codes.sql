-- Codes of cost centres and applications: they mean the team beside which they stand elsewhere, on resources and
-- accounts.
--
-- A key counts whose values are codes, or that is called so, when nearly all of its values stand beside one team each,
-- and these are several teams. Of teams that a thing was tagged with one after the other the last one counts that it
-- had while it had the code. Where no tag names a team, its unit does. On ML work a code means the one model beside
-- which a model registry has it, too; and where the codes of a key are those of models, several of them one team's,
-- another code of it is how a model is called that no registry knows. Reads the temporary tables carried_tags and
-- model_arguments.
WITH coded AS (
    FROM carried_tags WHERE code IS NOT NULL
),

-- When a thing changed hands, its code changed with its team.
team AS (
    SELECT coded.carrier, coded.code, arg_max(
        tag_values.canonical_value, (carried.since <= coded.since, carried.since, tag_values.canonical_value)
    ) AS team
    FROM coded
    JOIN carried_tags AS carried USING (carrier)
    JOIN tag_values ON plain_key(tag_values.tag_key) = plain_key(carried.tag_key)
        AND tag_values.tag_value = carried.tag_value
    JOIN finest_unit ON finest_unit.dimension = tag_values.dimension
    WHERE tag_values.canonical_value IS NOT NULL
    GROUP BY coded.carrier, coded.code
),

meant AS (
    SELECT code, team, count(DISTINCT carrier) AS things,
        things / sum(count(DISTINCT carrier)) OVER (PARTITION BY code) AS share
    FROM team
    GROUP BY code, team
    QUALIFY share >= grade('majority')
),

-- A value of a key that stands beside several teams speaks against the key.
telling AS (
    SELECT coded.tag_key
    FROM coded
    JOIN team USING (carrier, code)
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

-- Much of an application is no ML: by its place in the graph, by its service, or because it asks or loads a model.
ml_work AS (
    SELECT resource_key FROM work_stages WHERE is_ml
    UNION
    SELECT resource_key FROM billed_things WHERE ml_service
    UNION
    SELECT resource_key FROM model_arguments
    UNION
    SELECT from_id FROM lineage_edges
    WHERE relation IN ('calls', 'draws_on') AND regexp_matches(to_id, '^arn:[^:]*:(sagemaker|bedrock):')
),

-- As whom ML work runs, and who calls a service that is billed without a resource.
acting AS (
    SELECT from_id AS resource_key, to_id AS role FROM lineage_edges WHERE relation = 'runs_as'
    UNION
    SELECT billed_things.resource_key, role.resource_key
    FROM billed_things
    JOIN resource_history AS role ON role.kind = 'iam:GetRole'
        AND role.account_id = regexp_extract(iam_principal, ':sts::([0-9]+):assumed-role/', 1)
        AND role.name = regexp_extract(iam_principal, ':assumed-role/([^/]+)', 1)
    WHERE starts_with(billed_things.resource_key, 'charges:')
),

-- What a thing is tagged with counts before what its role is. A cost centre is somebody's, however few models it has.
work AS (
    SELECT resource_key, tag_key, tag_value, code, source, normal_form(tag_key) AS normal_key, by_role
    FROM (
        SELECT carrier AS resource_key, false AS by_role, coded.* FROM coded
        UNION ALL
        SELECT acting.resource_key, true, coded.*
        FROM coded
        JOIN acting ON acting.role = coded.carrier
    )
    SEMI JOIN ml_work USING (resource_key)
    ANTI JOIN entry USING (resource_key)
    WHERE NOT is_cost_key(normal_form(tag_key))
),

modelled AS (
    SELECT normal_key
    FROM (
        SELECT DISTINCT normal_form(coded.tag_key) AS normal_key, coded.code, of_model.model, team.team,
            registered.code AS known
        FROM coded
        LEFT JOIN registered USING (code)
        LEFT JOIN of_model USING (code)
        LEFT JOIN team USING (carrier, code)
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
SELECT resource_key, 'model', model, always_from(), always_to(), 'code', 'tag', 'code', 'tag',
    min(said), [graded('code'), graded('seen once')], [min({'said': said, 'source': source}).source]
FROM (
    SELECT work.resource_key, coalesce(of_model.model, work.code) AS model, work.source,
        work.tag_key || ' = ' || work.tag_value || CASE WHEN by_role THEN ' on its role' ELSE '' END AS said
    FROM work
    LEFT JOIN of_model USING (code)
    LEFT JOIN registered USING (code)
    WHERE of_model.model IS NOT NULL
        OR registered.code IS NULL AND normal_key IN (SELECT modelled.normal_key FROM modelled)
    QUALIFY NOT by_role OR bool_and(by_role) OVER (PARTITION BY work.resource_key)
)
GROUP BY resource_key, model
