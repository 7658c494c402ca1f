-- What ML work is called by a tag of its service, application or product, where the organisation tells models so: at
-- least three values of the key are models that a registry knows.
--
-- The next value of such a key, on what trains or serves a model and does nothing else, is a model that no registry
-- knows. On anything else it may be any service; so may it on what serves a registered model, and so may a team's name
-- or a tool's. Of what is billed by its caller alone, and of what carries no such tag, the role that acts is asked.
WITH registered AS (
    SELECT normal_form(name) AS name FROM resource_history WHERE kind = 'sagemaker:DescribeModelPackageGroup'
    UNION
    SELECT normal_form(body ->> '$.name') FROM metadata_records WHERE kind = 'mlflow:RegisteredModel'
),

written AS (
    SELECT resource_key, unnest(map_entries(tags)) AS tag, tags_source AS record FROM resource_history
    UNION
    SELECT resource_key, unnest(map_entries(tags)), NULL
    FROM billed_things
    JOIN bill_tag_sets USING (billing_period, tag_set)
    WHERE resource_key IS NOT NULL
),

told AS (
    SELECT resource_key, key_dimensions.normal_key, tag.value AS text, normal_form(tag.value) AS name,
        coalesce(min(record), min('bill tag ' || tag.key || ' = ' || tag.value)) AS record
    FROM written
    JOIN key_dimensions ON key_dimensions.normal_key = normal_form(plain_key(tag.key))
        AND key_dimensions.dimension = 'project'
    WHERE why_nothing(tag.value, 'project') IS NULL
    GROUP BY ALL
),

speaking AS (
    SELECT normal_key
    FROM told
    JOIN registered USING (name)
    GROUP BY normal_key
    HAVING count(DISTINCT name) >= grade('several things')
),

-- Whom an application of several registered models serves is no model.
of_registered AS (
    SELECT endpoint.from_id AS resource_key
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS served ON served.relation = 'serves' AND served.from_id = endpoint.to_id
    JOIN lineage_edges AS package ON package.relation IN ('deploys', 'version_of') AND package.from_id = served.to_id
    WHERE endpoint.relation = 'configured_by'
),

ml_work AS (
    SELECT resource_key FROM billed_things
    WHERE ml_service AND resource_key IS NOT NULL AND usage_class NOT IN ('notebook', 'studio', 'mlflow')
    UNION
    SELECT resource_key FROM resource_history
    WHERE regexp_matches(resource_key, '^arn:[^:]*:(sagemaker|bedrock|rekognition|comprehend):')
        AND NOT regexp_matches(resource_key, ':(notebook-instance|domain|user-profile|space|app|mlflow-[a-z-]+)/')
),

-- A role of what calls itself something else, or deploys what a registry knows, is there for several.
shared_role AS (
    SELECT acting_roles.role
    FROM acting_roles
    JOIN told AS own ON own.resource_key = acting_roles.resource_key
    JOIN told AS said ON said.resource_key = acting_roles.role
        AND said.normal_key = own.normal_key AND said.name <> own.name
    UNION
    SELECT acting_roles.role
    FROM acting_roles
    JOIN lineage_edges ON lineage_edges.from_id = acting_roles.resource_key AND lineage_edges.relation = 'deploys'
),

work AS (
    SELECT resource_key, false AS by_role, told.* EXCLUDE (resource_key)
    FROM told
    SEMI JOIN ml_work USING (resource_key)
    UNION ALL
    SELECT acting_roles.resource_key, true, told.* EXCLUDE (resource_key)
    FROM told
    JOIN acting_roles ON acting_roles.role = told.resource_key
    SEMI JOIN ml_work ON ml_work.resource_key = acting_roles.resource_key
    ANTI JOIN shared_role ON shared_role.role = acting_roles.role
)

SELECT resource_key, by_role, text, name, min(record) AS record
FROM (
    FROM work
    SEMI JOIN speaking USING (normal_key)
    QUALIFY NOT by_role OR bool_and(by_role) OVER (PARTITION BY resource_key)
) AS named
WHERE name NOT IN (
    SELECT told.name
    FROM told
    SEMI JOIN of_registered USING (resource_key)
    UNION
    SELECT canonical_value
    FROM tag_values
    WHERE dimension IN ('team', 'business_function') AND canonical_value IS NOT NULL
)
    AND NOT is_ordinary(name)
    -- An inference profile that is called after its application may say more of it.
    AND NOT EXISTS (
        SELECT 1
        FROM resource_history AS profile
        WHERE profile.kind = 'bedrock:GetInferenceProfile' AND profile.resource_key = named.resource_key
            AND contains('-' || normal_form(profile.name) || '-', '-' || named.name || '-')
    )
GROUP BY resource_key, by_role, text, name
