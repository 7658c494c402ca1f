-- Codes of cost centres beside which no tag names a team: they mean the team that registries say of the models whose
-- things carry them, nearly all of two models or more.
--
-- A key counts whose codes mean several teams, by tags (sources/codes.sql) or by models. Reads the temporary tables
-- carried_tags, claimed and shared_accounts.
WITH coded AS (
    SELECT carrier, tag_key, tag_value, source, code
    FROM carried_tags
    WHERE code IS NOT NULL AND is_cost_key(normal_form(plain_key(tag_key))) AND why_nothing(tag_value, 'team') IS NULL
),

-- What an entry of a registry says of its model, in tags, reaches the things of the model.
owned AS (
    SELECT resource_key, min(value) AS team
    FROM claimed
    WHERE dimension = 'team' AND source IN ('lineage', 'label', 'bill_tag', 'resource_tag', 'cicd')
    GROUP BY resource_key
    HAVING count(DISTINCT value) = 1
),

modelled AS (
    SELECT resource_key, min(value) AS model
    FROM claimed
    WHERE dimension = 'model' AND source IN ('identity', 'lineage')
    GROUP BY resource_key
    HAVING count(DISTINCT value) = 1
),

told AS (
    SELECT carried.carrier, carried.code, claimed.value AS team
    FROM coded AS carried
    JOIN claimed ON claimed.resource_key = carried.carrier AND claimed.dimension = 'team' AND claimed.code = 'code'
        AND len(claimed.path) = 1
),

meant AS (
    SELECT code, team, models / sum(models) OVER (PARTITION BY code) AS share
    FROM (
        SELECT coded.code, owned.team, count(DISTINCT modelled.model) AS models
        FROM coded
        JOIN owned ON owned.resource_key = coded.carrier
        JOIN modelled ON modelled.resource_key = coded.carrier
        WHERE coded.code NOT IN (SELECT told.code FROM told)
        GROUP BY coded.code, owned.team
    )
    QUALIFY share >= grade('majority') AND models >= 2
),

telling AS (
    SELECT tag_key
    FROM (
        SELECT coded.tag_key, told.team
        FROM coded
        JOIN told USING (carrier, code)
        UNION
        SELECT coded.tag_key, meant.team
        FROM coded
        JOIN meant USING (code)
    )
    GROUP BY tag_key
    HAVING count(DISTINCT team) >= 2
)

SELECT coded.carrier AS resource_key, 'team' AS dimension, meant.team AS value,
    always_from() AS valid_from, always_to() AS valid_to,
    CASE WHEN starts_with(coded.carrier, 'account:') THEN 'account' ELSE 'code' END AS source, 'tag' AS method,
    'model_code' AS code, 'tag' AS place, min(coded.tag_key || ' = ' || coded.tag_value) AS said,
    [graded('model_code'), factor('beside one team', meant.share)] AS factors,
    [min({'said': coded.tag_key || ' = ' || coded.tag_value, 'source': coded.source}).source] AS path, false AS own
FROM coded
JOIN telling USING (tag_key)
JOIN meant USING (code)
WHERE coded.carrier NOT IN (SELECT 'account:' || id FROM shared_accounts)
GROUP BY ALL
