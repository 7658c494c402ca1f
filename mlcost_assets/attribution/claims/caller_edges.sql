-- What is known by who calls it: edges beside those that records state.
WITH role AS (
    SELECT from_id, to_id AS role, regexp_extract(to_id, ':iam::([0-9]+):role/', 1) AS account_id,
        regexp_extract(to_id, '[^/]+$') AS name
    FROM lineage_edges
    WHERE relation = 'runs_as'
    UNION
    SELECT NULL, resource_key, account_id, name FROM resource_history WHERE kind = 'iam:GetRole'
),

-- What names no resource but its caller, who is a role: that of one function alone is that function.
call AS (
    SELECT billed_things.resource_key, role.role, any_value(role.from_id) AS user,
        count(DISTINCT role.from_id) AS users, min('caller ' || billed_things.iam_principal) AS source
    FROM billed_things
    JOIN role ON role.account_id = regexp_extract(billed_things.iam_principal, ':sts::([0-9]+):assumed-role/', 1)
        AND role.name = regexp_extract(billed_things.iam_principal, ':assumed-role/([^/]+)', 1)
    WHERE starts_with(billed_things.resource_key, 'charges:')
    GROUP BY billed_things.resource_key, role.role
)

SELECT resource_key AS from_id, role AS to_id, 'runs_as' AS relation, source FROM call
UNION ALL
SELECT resource_key, user, 'called_by', source FROM call WHERE users = 1
UNION ALL
-- An endpoint that only a tool gave a name, or a model that was imported into Bedrock, is what the one thing that calls
-- it is.
SELECT to_id, min(from_id), 'called_by', min(source)
FROM lineage_edges
WHERE relation = 'calls' AND regexp_matches(
    to_id, ':endpoint/(endpoint(-[0-9]+)?$|.*-20[0-9]{2}-?[0-9]{2}-?[0-9]{2}-[0-9-]+$)|:bedrock:.*:imported-model/'
)
GROUP BY to_id
HAVING count(DISTINCT from_id) = 1
