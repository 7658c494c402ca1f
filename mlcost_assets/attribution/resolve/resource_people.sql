-- Who worked with what: Studio's user profiles, users of IAM and machines that are called after one, callers signed in
-- as a person, whose mailbox a tag has (Owner: ann.lee@acme.com), MLflow's users, and users of a JupyterHub, after whom
-- their servers and claims are called.
WITH profile AS (
    SELECT DISTINCT resource_key, normal_form(regexp_extract(resource_key, '[^/]+$')) AS person FROM (
        SELECT resource_key FROM resource_history WHERE kind = 'sagemaker:DescribeUserProfile'
        UNION
        SELECT to_id FROM lineage_edges WHERE relation = 'worked_in_by'
    )
),

run AS (
    -- Databricks writes a person's mailbox.
    SELECT run_tags,
        normal_form(
            regexp_extract(list_filter(run_tags, lambda t: t.key = 'mlflow.user')[1].value, '^[^@+]+')
        ) AS person,
        record
    FROM (
        SELECT entries_of(json_extract(body, '$.data.tags')) AS run_tags,
            file || ':' || line AS record
        FROM metadata_records WHERE kind = 'mlflow:Run'
    )
),

deployment AS (
    SELECT resource_key(unnest(body ->> '$.resources[*]'), NULL, NULL, region, account_id) AS resource_key,
        normal_form(body ->> '$.actor') AS person, file || ':' || line AS record
    FROM metadata_records WHERE kind = 'cicd:Deployment'
),

iam_user AS (
    SELECT resource_key, normal_form(name) AS person, source FROM resource_history WHERE kind = 'iam:GetUser'
),

person AS (
    SELECT person
    FROM profile
    UNION
    SELECT person
    FROM iam_user
    UNION
    SELECT person
    FROM run
    UNION
    SELECT person
    FROM deployment
),

tagged AS (
    SELECT resource_key, tag.key, tag.value, 'bill tag ' || tag.key || ' = ' || tag.value AS source
    FROM (
        SELECT DISTINCT resource_key, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    UNION
    SELECT resource_key, tag.key, tag.value, tags_source
    FROM (
        SELECT resource_key, tags_source, unnest(map_entries(tags)) AS tag
        FROM resource_history
        WHERE kind <> 'organizations:DescribeAccount'
    )
),

-- KubeSpawner (its templates pod_name, pvc_name and common labels): the annotation has a user's name as it is; labels
-- and names have it escaped (ann.lee@acme.com is ann-2elee-40acme-2ecom, or ann-lee---1f2e3d4c), then a server's name.
hub_user AS (
    SELECT resource_key, source,
        regexp_replace(
            regexp_replace(regexp_replace(called, '--.*$', ''), '(-40|@).*$', ''),
            '-(2[0-9a-f]|3[a-f]|5[b-f]|60|7[b-e])', '-', 'g'
        ) AS person
    FROM (
        SELECT resource_key, source,
            coalesce(
                body ->> '$.metadata.annotations."hub.jupyter.org/username"',
                body ->> '$.metadata.labels."hub.jupyter.org/username"'
            ) AS called
        FROM resource_history
        WHERE kind = 'k8s:Pod'
        UNION
        SELECT resource_key, source, regexp_extract(body ->> '$.spec.claimRef.name', '^claim-(.+)$', 1)
        FROM resource_history
        WHERE kind = 'k8s:PersistentVolume'
        UNION
        -- As the driver of volumes tags what it makes.
        SELECT resource_key, source, regexp_extract(value, '^claim-(.+)$', 1)
        FROM tagged
        WHERE regexp_matches(key, '(^|[:_])kubernetes[._]io[/_]created-?_?for[/_]pvc[/_]name$')
    )
),

-- Who called, who made what, and whose mailbox stands on it: a role's session is called as the person who signed in.
signed AS (
    SELECT resource_key, regexp_extract(iam_principal, '[^/]+$') AS session, 'caller ' || iam_principal AS source
    FROM billed_things
    WHERE iam_principal <> ''
    UNION
    SELECT resource_key, regexp_extract(value, '[^:]+$'), source
    FROM tagged
    WHERE regexp_matches(key, '^aws[:_]created_?[bB]y$')
    UNION
    SELECT resource_key, regexp_extract(value, '^([^@+\s]+)(\+[^@]*)?@', 1), source
    FROM tagged
    WHERE regexp_full_match(value, '[^@\s]+@[^@\s]+\.[a-z]+')
    UNION
    -- A machine, an endpoint or a notebook that a person made by hand; a model that they register is not theirs so.
    SELECT from_id, regexp_extract(to_id, '[^/]+$'), source
    FROM lineage_edges
    WHERE relation = 'created_by' AND regexp_matches(from_id, '^i-|:sagemaker:.*:(endpoint|notebook-instance)/')
    UNION
    SELECT resource_key, person, source
    FROM hub_user
),

direct AS (
    SELECT resource_key, person, resource_key AS source FROM profile
    UNION ALL
    SELECT resource_key, person, source FROM iam_user
    UNION ALL
    -- ada-gpu is Ada's.
    SELECT machine.resource_key, iam_user.person, machine.tags_source
    FROM resource_history AS machine
    JOIN iam_user ON iam_user.person = string_split(normal_form(machine.tags['Name']), '-')[1]
    WHERE machine.kind = 'ec2:DescribeInstances'
    UNION ALL
    SELECT edge.from_id, profile.person, edge.source
    FROM lineage_edges AS edge
    JOIN profile ON profile.resource_key = edge.to_id
    WHERE edge.relation = 'worked_in_by'
    UNION ALL
    SELECT signed.resource_key, person.person, signed.source
    FROM signed
    JOIN person ON person.person = normal_form(signed.session)
    UNION ALL
    SELECT resource_key, person, record FROM deployment
    UNION ALL
    SELECT resource_key(job, NULL, NULL, NULL, NULL), person, record
    FROM (
        SELECT person, record, unnest(list_transform(run_tags, lambda t: t.value)) AS job FROM run
    )
    WHERE regexp_matches(job, '^arn:[^:]*:sagemaker:.*-job/')
)

SELECT resource_key, person, min(source) AS source
FROM (
    FROM direct
    UNION ALL
    SELECT edge.from_id, direct.person, direct.source
    FROM lineage_edges AS edge
    JOIN direct ON direct.resource_key = edge.to_id
    WHERE edge.relation = 'in_space'
)
WHERE resource_key IS NOT NULL AND person IS NOT NULL
GROUP BY resource_key, person
