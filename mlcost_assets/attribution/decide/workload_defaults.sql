-- What is known of a workload as a whole, to decide what the evidence of a single resource leaves open or gets wrong.
--
-- The registry says it outright, each entry in its time. Else what is stated of the workload's own resources
-- does, the best kind of statement first: tags (and what a model registry or MLflow says of the model), then
-- deployments and Kubernetes labels, then names of namespaces, images, repositories and folders, at last of
-- roles. Of the resources that a kind speaks of at least 80 % must agree; a kind that disagrees with itself is
-- passed over. Reads the temporary table workloads.
WITH entry AS (
    SELECT *, CASE WHEN model IS NULL THEN 'project ' || project ELSE 'model ' || model END AS workload,
        coalesce(CAST(since AS TIMESTAMP), always_from()) AS valid_from,
        coalesce(CAST(until AS TIMESTAMP), always_to()) AS valid_to
    FROM workloads
),

registered AS (
    SELECT 'model' AS of, model AS name, workload, dimension, value, valid_from, valid_to
    FROM (
        UNPIVOT (SELECT * FROM entry WHERE model IS NOT NULL) ON project, team, business_function,
            environment INTO NAME dimension VALUE value
    )
    UNION
    SELECT 'project', project, workload, dimension, value, valid_from, valid_to
    FROM (
        UNPIVOT (SELECT * FROM entry WHERE project IS NOT NULL) ON team, business_function,
            environment INTO NAME dimension VALUE value
    )
),

registered_time AS (
    SELECT of, name, dimension, moment AS valid_from,
        lead(moment) OVER (PARTITION BY of, name, dimension ORDER BY moment) AS valid_to
    FROM (
        SELECT DISTINCT of, name, dimension, unnest([valid_from, valid_to]) AS moment FROM registered
    )
    QUALIFY valid_to IS NOT NULL
),

-- The entries of one workload follow each other: of those that hold the one that began last counts.
holding AS (
    SELECT time.of, time.name, time.dimension, time.valid_from, time.valid_to, registered.value
    FROM registered_time AS time
    JOIN registered ON registered.of = time.of AND registered.name = time.name AND registered.dimension = time.dimension
        AND registered.valid_from <= time.valid_from AND registered.valid_to >= time.valid_to
    QUALIFY rank() OVER (
        PARTITION BY time.of, time.name, time.dimension, time.valid_from, workload ORDER BY registered.valid_from DESC
    ) = 1
),

-- A project that several teams' workloads share says nothing of the team.
unambiguous AS (
    SELECT of, name, dimension, valid_from, valid_to, min(value) AS value
    FROM holding
    GROUP BY of, name, dimension, valid_from, valid_to
    HAVING count(DISTINCT value) = 1
),

-- When the registry is silent of what it speaks of at other times.
silent AS (
    SELECT of, name, dimension, moment AS valid_from,
        lead(moment) OVER (PARTITION BY of, name, dimension ORDER BY moment) AS valid_to
    FROM (
        SELECT DISTINCT of, name, dimension, unnest([always_from(), valid_from, valid_to, always_to()]) AS moment
        FROM unambiguous
    )
    QUALIFY valid_to IS NOT NULL
        AND (of, name, dimension, moment) NOT IN (SELECT (of, name, dimension, valid_from) FROM unambiguous)
),

named AS (
    SELECT DISTINCT resource_key, dimension AS of, value AS name
    FROM owners
    WHERE dimension IN ('model', 'project') AND value IS NOT NULL
),

-- What is said of a resource itself, not what came along the lineage.
said AS (
    SELECT DISTINCT resource_key, dimension, value,
        CASE
            WHEN source IN ('rule', 'bill_tag', 'resource_tag') THEN 1
            WHEN source IN ('cicd', 'kubernetes') THEN 2
            WHEN place IN ('role', 'caller') THEN 4
            ELSE 3
        END AS kind
    FROM claims
    WHERE dimension IN ('project', 'team', 'business_function') AND source <> 'account' AND len(path) = 1
),

stated AS (
    SELECT named.of, named.name, said.dimension, said.value, said.kind
    FROM named
    JOIN said ON said.resource_key = named.resource_key AND said.dimension <> named.of
    UNION ALL
    -- MLflow's tags on a registered model speak of the model itself.
    SELECT 'model', coalesce(known_model.name, normal_form(body ->> '$.name')), key_dimensions.dimension,
        coalesce(known_value.name, normal_form(tag.value)), 1
    FROM (
        SELECT body,
            unnest(
                entries_of(json_extract(body, '$.tags'))
            ) AS tag
        FROM metadata_records WHERE kind = 'mlflow:RegisteredModel'
    )
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(tag.key)
        AND key_dimensions.dimension IN ('project', 'team', 'business_function')
    LEFT JOIN name_dictionary AS known_model ON known_model.dimension = 'model'
        AND known_model.compact = replace(normal_form(body ->> '$.name'), '-', '')
    LEFT JOIN name_dictionary AS known_value ON known_value.dimension = key_dimensions.dimension
        AND known_value.compact = replace(normal_form(tag.value), '-', '')
),

majority AS (
    SELECT of, name, dimension, value, kind, count(*) AS statements,
        count(*) / sum(count(*)) OVER (PARTITION BY of, name, dimension, kind) AS share
    FROM stated
    GROUP BY of, name, dimension, value, kind
    QUALIFY share >= 0.8
),

best AS (
    SELECT * FROM majority QUALIFY row_number() OVER (PARTITION BY of, name, dimension ORDER BY kind, share DESC) = 1
),

fact AS (
SELECT of, name, dimension, value, 'rule' AS method, 0.99 AS confidence,
    'the registry names it for ' || of || ' ' || name AS statement, valid_from, valid_to
FROM unambiguous
UNION ALL
SELECT of, name, dimension, value, ['tag', 'kubernetes', 'name', 'name'][kind],
    round([0.97, 0.93, 0.88, 0.75][kind] * share, 4),
    round(100 * share) || ' % of the resources of ' || of || ' ' || name || ' of which '
        || ['tags', 'deployments and labels', 'names', 'roles'][kind] || ' tell (' || statements
        || ' statements) say so',
    coalesce(silent.valid_from, always_from()), coalesce(silent.valid_to, always_to())
FROM best
LEFT JOIN silent USING (of, name, dimension)
WHERE silent.valid_from IS NOT NULL
    OR NOT EXISTS (
        FROM unambiguous AS known
        WHERE known.of = best.of AND known.name = best.name AND known.dimension = best.dimension
    )
),

-- A person belongs to the team of the models they work on, when that is one team.
person AS (
    SELECT resource_people.person, fact.value, count(*) AS resources,
        count(*) / sum(count(*)) OVER (PARTITION BY resource_people.person) AS share
    FROM resource_people
    JOIN named ON named.resource_key = resource_people.resource_key AND named.of = 'model'
    -- The team that the model is of now.
    JOIN (
        SELECT name, arg_max(value, valid_from) AS value
        FROM fact
        WHERE of = 'model' AND dimension = 'team'
        GROUP BY name
    ) AS fact ON fact.name = named.name
    GROUP BY resource_people.person, fact.value
    QUALIFY share >= 0.8
),

-- Who works on no model (a platform's people) belongs to the team that the tags,
-- roles and repositories of their things name.
untold_person AS (
    SELECT resource_people.person, said.value, count(*) AS resources,
        count(*) / sum(count(*)) OVER (PARTITION BY resource_people.person) AS share
    FROM resource_people
    JOIN (
        SELECT DISTINCT resource_key, value FROM said WHERE dimension = 'team'
    ) AS said USING (resource_key)
    WHERE resource_people.person NOT IN (SELECT person FROM person)
    GROUP BY resource_people.person, said.value
    QUALIFY share >= 0.8
)

FROM fact
UNION ALL
SELECT 'person', person, 'team', value, 'lineage', round(0.75 * share, 4),
    round(100 * share) || ' % of the ' || resources || ' resources of ' || person
        || ' that have a model are of this team',
    always_from(), always_to()
FROM person
UNION ALL
SELECT 'person', person, 'team', value, 'lineage', round(0.7 * share, 4),
    round(100 * share) || ' % of what the ' || resources || ' resources of ' || person
        || ' say of a team names this one',
    always_from(), always_to()
FROM untold_person
