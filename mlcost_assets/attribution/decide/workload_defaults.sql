-- What is known of a workload as a whole, to decide what the evidence of a single resource leaves open or gets wrong.
--
-- An entry of rules.yaml says it outright, each in its time, else the tags of its entry in a registry (a model package
-- group, whose tags tell the environment, too, because it is kept in one; a registered model of MLflow). Else what is
-- stated of the workload's own resources does, the best kind of statement first: tags, then deployments and Kubernetes
-- labels, then names of namespaces, images, repositories and folders, then of roles, at last what its resources have by
-- lineage. Of the resources that a kind speaks of at least 80 % must agree; a kind that disagrees with itself is passed
-- over. Reads the temporary table workloads.
WITH entry AS (
    SELECT *, CASE WHEN model IS NULL THEN 'project ' || project ELSE 'model ' || model END AS workload,
        coalesce(CAST(since AS TIMESTAMP), always_from()) AS valid_from,
        coalesce(CAST(until AS TIMESTAMP), always_to()) AS valid_to
    FROM workloads
),

-- What is told of a workload with its times: by an entry of rules.yaml, else by the tags of its entry in a registry.
-- What they were when first seen they are taken to have been before.
dated AS (
    SELECT 'registered' AS code, 'model' AS of, model AS name, workload, dimension, value, valid_from, valid_to
    FROM (
        UNPIVOT (SELECT * FROM entry WHERE model IS NOT NULL) ON project, team, business_function,
            environment INTO NAME dimension VALUE value
    )
    UNION
    SELECT 'registered', 'project', project, workload, dimension, value, valid_from, valid_to
    FROM (
        UNPIVOT (SELECT * FROM entry WHERE project IS NOT NULL) ON team, business_function,
            environment INTO NAME dimension VALUE value
    )
    UNION
    SELECT 'registry_tags', 'model', owners.value, '', claims.dimension, claims.value,
        claims.valid_from, claims.valid_to
    FROM claims
    JOIN owners ON owners.resource_key = claims.resource_key AND owners.dimension = 'model'
    WHERE contains(claims.resource_key, ':model-package-group/') AND owners.value IS NOT NULL
        AND claims.dimension IN ('project', 'team', 'business_function', 'environment')
        AND claims.source IN ('rule', 'bill_tag', 'resource_tag') AND len(claims.path) = 1
    UNION
    -- MLflow's tags on a registered model, until it is told with others.
    SELECT 'registry_tags', 'model', coalesce(known_model.name, normal_form(model.name)), '', key_dimensions.dimension,
        meant.canonical_value, model.valid_from, model.valid_to
    FROM (
        SELECT body ->> '$.name' AS name, unnest(entries_of(json_extract(body, '$.tags'))) AS tag,
            CASE WHEN row_number() OVER told = 1 THEN always_from() ELSE collected_at END AS valid_from,
            coalesce(lead(collected_at) OVER told, always_to()) AS valid_to
        FROM metadata_records
        WHERE kind = 'mlflow:RegisteredModel'
        WINDOW told AS (PARTITION BY body ->> '$.name' ORDER BY collected_at, file, line)
    ) AS model
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(tag.key)
        AND key_dimensions.dimension IN ('project', 'team', 'business_function')
    LEFT JOIN name_dictionary AS known_model ON known_model.dimension = 'model'
        AND known_model.compact = replace(normal_form(model.name), '-', '')
    JOIN tag_values AS meant ON meant.tag_key = 'mlflow/' || tag.key AND meant.tag_value = tag.value
        AND meant.canonical_value IS NOT NULL
    WHERE model.valid_from < model.valid_to
),

dated_time AS (
    SELECT of, name, dimension, moment AS valid_from,
        lead(moment) OVER (PARTITION BY of, name, dimension ORDER BY moment) AS valid_to
    FROM (
        SELECT DISTINCT of, name, dimension, unnest([valid_from, valid_to]) AS moment FROM dated
    )
    QUALIFY valid_to IS NOT NULL
),

-- The entries of one workload follow each other: of those that hold the one that began last counts.
holding AS (
    SELECT time.of, time.name, time.dimension, time.valid_from, time.valid_to, dated.code, dated.value
    FROM dated_time AS time
    JOIN dated ON dated.of = time.of AND dated.name = time.name AND dated.dimension = time.dimension
        AND dated.valid_from <= time.valid_from AND dated.valid_to >= time.valid_to
    QUALIFY rank() OVER (
        PARTITION BY time.of, time.name, time.dimension, time.valid_from, dated.code, workload
        ORDER BY dated.valid_from DESC
    ) = 1
),

-- A project that several teams' workloads share says nothing of the team.
unambiguous AS (
    SELECT of, name, dimension, valid_from, valid_to, code, min(value) AS value
    FROM holding
    GROUP BY of, name, dimension, valid_from, valid_to, code
    HAVING count(DISTINCT value) = 1
    QUALIFY row_number() OVER (PARTITION BY of, name, dimension, valid_from ORDER BY grade(code) DESC) = 1
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
            WHEN source IN ('rule', 'bill_tag', 'resource_tag') THEN 'agreeing_tags'
            WHEN source IN ('cicd', 'label', 'kubernetes') THEN 'agreeing_labels'
            WHEN place IN ('role', 'caller') THEN 'agreeing_roles'
            ELSE 'agreeing_names'
        END AS code
    FROM claims
    WHERE dimension IN ('project', 'team', 'business_function') AND source NOT IN ('account', 'copied_tag')
        AND len(path) = 1
        AND NOT (
            contains(resource_key, ':model-package-group/') AND source IN ('rule', 'bill_tag', 'resource_tag')
        )
),

stated AS (
    SELECT named.of, named.name, said.dimension, said.value, said.code
    FROM named
    JOIN said ON said.resource_key = named.resource_key AND said.dimension <> named.of
    UNION ALL
    SELECT named.of, named.name, owners.dimension, owners.value, 'agreeing_lineage'
    FROM named
    JOIN (
        SELECT DISTINCT resource_key, dimension, value FROM owners
        WHERE dimension IN ('team', 'business_function') AND source = 'lineage' AND value IS NOT NULL
    ) AS owners ON owners.resource_key = named.resource_key
    WHERE named.of = 'model'
),

majority AS (
    SELECT of, name, dimension, value, code, count(*) AS statements,
        sum(count(*)) OVER (PARTITION BY of, name, dimension, code) AS all_statements,
        statements / all_statements AS share
    FROM stated
    GROUP BY of, name, dimension, value, code
    QUALIFY share >= grade('majority') AND statements >= grade('established by')
),

-- The best kind of statement first: the order in which decide/ladder.yaml has them.
best AS (
    SELECT *,
        statements || ' of ' || all_statements || CASE code
            WHEN 'agreeing_tags' THEN ' tags'
            WHEN 'agreeing_labels' THEN ' deployments and labels'
            WHEN 'agreeing_roles' THEN ' roles'
            WHEN 'agreeing_lineage' THEN ' relations'
            ELSE ' names' END || ' of the ' || of || ' ' || name || '''s resources' AS said
    FROM majority
    QUALIFY row_number() OVER (PARTITION BY of, name, dimension ORDER BY grade(code) DESC, share DESC) = 1
),

fact AS (
    SELECT of, name, dimension, value, CASE code WHEN 'registered' THEN 'rule' ELSE 'tag' END AS method, code,
        of || ' ' || name AS said, [graded(code)] AS factors, valid_from, valid_to, NULL AS statements
    FROM unambiguous
    UNION ALL
    SELECT of, name, dimension, value,
        CASE code
            WHEN 'agreeing_tags' THEN 'tag'
            WHEN 'agreeing_labels' THEN 'kubernetes'
            WHEN 'agreeing_lineage' THEN 'lineage'
            ELSE 'name' END,
        code, said, [graded(code), factor('agreement', share)],
        coalesce(silent.valid_from, always_from()), coalesce(silent.valid_to, always_to()), statements
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
        sum(count(*)) OVER (PARTITION BY resource_people.person) AS all_resources,
        resources / all_resources AS share
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
    QUALIFY share >= grade('majority')
),

-- Who works on no model (a platform's people) belongs to the team that the tags,
-- roles and repositories of their things name.
untold_person AS (
    SELECT resource_people.person, said.value, count(*) AS resources,
        sum(count(*)) OVER (PARTITION BY resource_people.person) AS all_resources,
        resources / all_resources AS share
    FROM resource_people
    JOIN (
        SELECT DISTINCT resource_key, value FROM said WHERE dimension = 'team'
    ) AS said USING (resource_key)
    WHERE resource_people.person NOT IN (SELECT person FROM person)
    GROUP BY resource_people.person, said.value
    QUALIFY share >= grade('majority')
)

SELECT *, sureness(factors) AS confidence
FROM (
    FROM fact
    UNION ALL
    SELECT 'person', person, 'team', value, 'lineage', 'person_of_models',
        resources || ' of ' || all_resources || ' resources of ' || person || ' that have a model',
        [graded('person_of_models'), factor('agreement', share)], always_from(), always_to(), resources
    FROM person
    UNION ALL
    SELECT 'person', person, 'team', value, 'lineage', 'person_of_things',
        resources || ' of ' || all_resources || ' resources of ' || person || ' that speak of a team',
        [graded('person_of_things'), factor('agreement', share)], always_from(), always_to(), resources
    FROM untold_person
)
-- Not for the order's sake: as the union comes, DuckDB 1.5.5's Parquet writer fails on some platforms' rows with
-- "not enough space in buffer" (seen in the tests' scenarios); sorted rows it writes.
ORDER BY of, name, dimension, valid_from, value
