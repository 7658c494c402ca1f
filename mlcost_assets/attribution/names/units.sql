-- Teams that the organisation's own structure tells: the namespaces of ML work that are called as other systems begin
-- their names (repositories, images, inference profiles, roles, accounts, buckets), for several things each.
--
-- One such namespace alone, or one that other systems name for one thing only, may as well be an application's; what a
-- better source knows as a model's name is no unit. Words of environments, and those that name no one, are left off.
-- And the first word of roles and inference profiles, for several things each and in both, where roles begin with two
-- known teams or more.
-- Task governance of HyperPod gives each team a namespace that is called after it (hyperpod-ns-<team>).
WITH namespace AS (
    SELECT DISTINCT edge.to_id AS resource_key, normal_form(regexp_extract(edge.to_id, '[^/]+$')) AS name
    FROM lineage_edges AS edge
    JOIN work_stages ON work_stages.resource_key = edge.from_id AND work_stages.is_ml
        AND work_stages.stage IS DISTINCT FROM 'platform'
    WHERE edge.relation = 'in_namespace'
    UNION
    SELECT DISTINCT resource_key, normal_form(regexp_extract(resource_id, ':pod/[^/]+/([^/]+)/', 1))
    FROM (
        SELECT DISTINCT resource_id, resource_key(resource_id, NULL, NULL, region_id, account_id) AS resource_key
        FROM split_costs
    )
    JOIN work_stages USING (resource_key)
    WHERE work_stages.is_ml AND work_stages.stage IS DISTINCT FROM 'platform'
),

unit AS (
    SELECT DISTINCT string_agg(word, '-' ORDER BY turn) AS name
    FROM (
        SELECT name AS namespace, unnest(string_split(name, '-')) AS word,
            generate_subscripts(string_split(name, '-'), 1) AS turn
        FROM (
            SELECT DISTINCT name FROM namespace
        )
    )
    WHERE NOT is_ordinary(word) AND word NOT IN (SELECT word FROM name_parts WHERE dimension = 'team')
    GROUP BY namespace
),

named AS (
    SELECT normal_form(name) AS name FROM resource_history
    WHERE kind = 'ecr:DescribeRepositories' AND contains(name, '/')
    UNION
    SELECT normal_form(regexp_extract(text, '^[^/]+/([^:@]+/[^:@]+)', 1)) FROM record_values WHERE meaning = 'images'
    UNION
    SELECT normal_form(name) FROM resource_history WHERE kind = 'bedrock:GetInferenceProfile'
    UNION
    SELECT normal_form(regexp_extract(to_id, '[^/]+$')) FROM lineage_edges WHERE relation = 'runs_as'
    UNION
    SELECT normal_form(name) FROM resource_history WHERE kind = 's3:ListBuckets'
    UNION
    SELECT normal_form(body ->> '$.Account.Name')
    FROM resource_history WHERE kind = 'organizations:DescribeAccount'
),

found AS (
    SELECT unit.name, array_to_string(list_filter(string_split(substr(own.name, len(unit.name) + 2), '-'), lambda word:
        NOT is_ordinary(word)), '-') AS rest
    FROM unit
    JOIN (
        SELECT array_to_string(list_filter(string_split(name, '-'), lambda word:
            NOT list_contains(getvariable('organisation_prefixes'), word)), '-') AS name
        FROM named
    ) AS own ON starts_with(own.name, unit.name || '-')
    WHERE len(unit.name) >= 2
),

-- Roles of workloads and inference profiles, by the word that leads them.
led AS (
    SELECT system, name, name[:position('-' IN name) - 1] AS leader, substr(name, position('-' IN name) + 1) AS rest
    FROM (
        SELECT system, array_to_string(list_filter(string_split(name, '-'), lambda word:
            NOT list_contains(getvariable('organisation_prefixes'), word)), '-') AS name
        FROM (
            SELECT DISTINCT 'role' AS system, normal_form(regexp_extract(to_id, '[^/]+$')) AS name
            FROM lineage_edges WHERE relation = 'runs_as'
            UNION
            SELECT 'role', normal_form(regexp_extract(iam_principal, ':assumed-role/([^/]+)', 1)) FROM billed_things
            UNION
            SELECT 'profile', normal_form(name) FROM resource_history
            WHERE kind = 'bedrock:GetInferenceProfile' AND (body ->> '$.type') = 'APPLICATION'
        )
    )
    WHERE contains(name, '-')
),

known AS (
    SELECT normal_form(canonical_value) AS name FROM tag_values WHERE dimension = 'team' AND canonical_value IS NOT NULL
    UNION
    SELECT substr(name, len('hyperpod-ns-') + 1) FROM namespace WHERE starts_with(name, 'hyperpod-ns-')
)

SELECT name
FROM found
WHERE name NOT IN (SELECT canonical_value FROM tag_values WHERE dimension = 'model' AND canonical_value IS NOT NULL)
GROUP BY name
HAVING count(DISTINCT rest) FILTER (rest <> '') >= 2
-- One unit is no structure.
QUALIFY count(*) OVER () >= 2
UNION
SELECT substr(name, len('hyperpod-ns-') + 1) FROM namespace WHERE starts_with(name, 'hyperpod-ns-')
UNION
SELECT leader
FROM led
WHERE NOT is_ordinary(leader) AND NOT is_code(leader) AND len(leader) >= 2
    AND (
        SELECT count(DISTINCT known.name)
        FROM known
        JOIN led AS role ON role.system = 'role' AND starts_with(role.name, known.name || '-')
    ) >= 2
    AND leader NOT IN (SELECT canonical_value FROM tag_values WHERE dimension = 'model' AND canonical_value IS NOT NULL)
GROUP BY leader
-- What follows is always the same where it leads the name of one application.
HAVING count(DISTINCT system) = 2 AND count(DISTINCT string_split(rest, '-')[1]) >= 2
