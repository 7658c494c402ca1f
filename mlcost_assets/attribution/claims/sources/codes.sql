-- Codes of cost centres and applications: they mean the team beside which they stand elsewhere, on resources and
-- accounts.
--
-- A key counts whose values are codes, or that is called so, when nearly all of its values stand beside one team each,
-- and these are several teams. Of teams that a thing was tagged with one after the other the last one counts. Where no
-- tag names a team, its unit does.
WITH carried AS (
    SELECT CASE kind WHEN 'organizations:DescribeAccount' THEN 'account:' || id ELSE resource_key END AS carrier,
        tag.key AS tag_key, tag.value AS tag_value, tags_source AS source, max(valid_from) AS since
    FROM (
        SELECT kind, id, resource_key, tags_source, valid_from, unnest(map_entries(tags)) AS tag FROM resource_history
    )
    GROUP BY ALL
    UNION ALL
    SELECT CASE WHEN starts_with(tag.key, 'accountTag/') THEN 'account:' || account_id ELSE resource_key END,
        plain_key(tag.key), tag.value, 'bill tag ' || tag.key || ' = ' || tag.value, max(first_date)
    FROM (
        SELECT account_id, resource_key, first_date, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    GROUP BY ALL
),

coded AS (
    SELECT carried.*, normal_form(tag_value) AS code
    FROM carried
    LEFT JOIN key_dimensions ON key_dimensions.normal_key = normal_form(plain_key(tag_key))
    WHERE carrier IS NOT NULL AND key_dimensions.dimension IS NULL AND NOT is_system_key(tag_key)
        AND normal_form(tag_value) IS NOT NULL
        AND (
            is_code(normal_form(tag_value))
            OR regexp_matches(
                normal_form(tag_key), '(^|-)(cost|cc|costcent(er|re)|code|cmdb|budget|wbs|gl|chargeback)(-|$)'
            )
        )
),

team AS (
    SELECT carried.carrier, arg_max(tag_values.canonical_value, (carried.since, tag_values.canonical_value)) AS team
    FROM carried
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
