-- Codes of cost centres and applications: they mean the team beside which they stand elsewhere, on resources and
-- accounts.
--
-- A key counts whose values are codes, or that is called so, when nearly all of its values stand beside one team each,
-- and these are several teams. Of teams that a thing was tagged with one after the other the last one counts. Where no
-- tag names a team, its unit does. On ML work a code means the one model beside which the model registry has it, too.
-- Reads the temporary table carried_tags.
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

-- An application's code on one entry of the model registry alone: the application has one model.
entry AS (
    SELECT resource_key, coalesce(name_dictionary.name, normal_form(resource_history.name)) AS model
    FROM resource_history
    LEFT JOIN name_dictionary ON name_dictionary.dimension = 'model'
        AND name_dictionary.compact = replace(normal_form(resource_history.name), '-', '')
    WHERE kind = 'sagemaker:DescribeModelPackageGroup'
),

of_model AS (
    SELECT coded.code, min(entry.model) AS model
    FROM coded
    JOIN entry ON entry.resource_key = coded.carrier
    GROUP BY coded.code
    HAVING count(DISTINCT entry.model) = 1
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
SELECT coded.carrier, 'model', of_model.model, always_from(), always_to(), 'code', 'tag', 'code', 'tag',
    min(coded.tag_key || ' = ' || coded.tag_value), [graded('code'), graded('seen once')],
    [min({'said': coded.tag_key || ' = ' || coded.tag_value, 'source': coded.source}).source]
FROM coded
JOIN of_model USING (code)
-- Much of an application is no ML.
JOIN work_stages ON work_stages.resource_key = coded.carrier AND work_stages.is_ml
ANTI JOIN entry ON entry.resource_key = coded.carrier
GROUP BY coded.carrier, of_model.model
