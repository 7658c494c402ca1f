-- Codes of cost centres and applications: they mean the team beside which they stand elsewhere, on resources and
-- accounts.
--
-- A key counts whose values are codes, or that is called so, when nearly all of its values stand beside one team each,
-- and these are several teams. Of teams that a thing was tagged with one after the other the last one counts that it
-- had while it had the code. Where no tag names a team, its unit does. Reads the temporary table carried_tags.
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
