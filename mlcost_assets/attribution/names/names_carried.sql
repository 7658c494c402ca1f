-- Every name that may tell whose a resource is: its own, those of its parts, its role, its image, what runs in it.
--
-- source   name, or kubernetes where Kubernetes objects carry it
-- place    what carries it: name, role, image … · label   which label, where place is one
-- teams    whether teams name such things, too (a namespace, a role, a repository's folder)
WITH history AS (
    SELECT resource_key, kind, name, body, source AS record FROM resource_history
),

told AS (
    SELECT id AS resource_key, kind, meaning, is_name, text, value, source AS record FROM record_values
),

billed AS (
    SELECT DISTINCT resource_key, resource_id, service_code, iam_principal
    FROM billed_things
    WHERE resource_key IS NOT NULL
),

text AS (
    SELECT resource_key, resource_history.name AS text, 'name' AS source, 'name' AS place,
        coalesce(kinds.name_tells = 'teams', false) AS teams, source AS record
    FROM resource_history
    JOIN kinds USING (kind)
    WHERE kinds.name_tells IS DISTINCT FROM 'nothing'
    UNION ALL
    SELECT resource_key,
        regexp_replace(
            regexp_extract(resource_id, '[^:]*$'),
            '^(log-group|loadbalancer|repository|function|job|cluster|key|file-system)/', ''
        ),
        'name', 'name', regexp_matches(resource_id, ':(app|space)/'), 'bill resource ' || resource_id
    FROM billed
    WHERE resource_id <> '' AND NOT regexp_matches(resource_id, '^[a-z]+-[0-9a-f]{8,}$')
        AND service_code NOT IN ('AmazonEKS', 'AmazonS3')
    UNION ALL
    SELECT resource_key, text, 'name', CASE WHEN is_registered THEN 'registered model' ELSE 'parameter model_name' END,
        false, record
    FROM model_arguments
    WHERE NOT is_base
    UNION ALL
    -- An inventory's number of a model among a job's parameters and variables, whatever their keys.
    SELECT resource_key, entry.value, 'name', 'parameter', false, record
    FROM (
        SELECT *, unnest(entries_of(value)) AS entry FROM told WHERE meaning IN ('parameters', 'environment')
    )
    WHERE len(entry.value) < 40 AND regexp_matches(entry.value, '[A-Za-z]') AND is_code(normal_form(entry.value))
    UNION ALL
    -- What a job runs: its script, and the folder in which its source lies.
    SELECT resource_key, regexp_extract(unnest(
        [
            body ->> '$.HyperParameters.sagemaker_program', body ->> '$.Command.ScriptLocation',
            body ->> '$.AppSpecification.ContainerEntrypoint[-1]', body ->> '$.HyperParameters.entry_point'
        ]
    ), '([^/"\s]+)\.(py|ipynb|sh|R|jl|scala|jar)"?$', 1), 'name', 'script', false, record
    FROM history
    UNION ALL
    SELECT resource_key,
        regexp_extract(
            unnest([body ->> '$.HyperParameters.sagemaker_submit_directory', body ->> '$.Code.Location']),
            's3a?://[^/]+/(.*)/[^/]*$', 1
        ),
        'name', 'source archive', false, record
    FROM history
    UNION ALL
    -- What a role, an image or a repository is called, teams are, too.
    SELECT resource_key, regexp_extract(text, '[^/]+$'), 'name', 'role', true, record FROM told WHERE meaning = 'roles'
    UNION ALL
    SELECT resource_key, regexp_extract(text, '/([^:@]+)', 1), 'name', 'image', true, record
    FROM told
    WHERE meaning = 'images' AND NOT starts_with(kind, 'k8s:')
    UNION ALL
    SELECT resource_key, regexp_extract(text, '[^/]+$'), 'name', 'code repository', true, record
    FROM told
    WHERE meaning = 'code'
    UNION ALL
    SELECT resource_key, text, 'name', meaning, false, record FROM told WHERE is_name
    UNION ALL
    SELECT resource_key,
        unnest(
            map_values(
                map_from_entries(
                    list_filter(
                        map_entries(tags),
                        lambda tag: tag.key IN (
                            'Name', 'aws:cloudformation:stack-name', 'aws:autoscaling:groupName',
                            'karpenter.sh/nodepool', 'eks:nodegroup-name', 'sagemaker:project-name'
                        )
                    )
                )
            )
        ),
        'name', 'tag given by a tool', false, tags_source
    FROM resource_history WHERE kind NOT IN ('eks:DescribeCluster')
    UNION ALL
    -- An application inference profile is made for one application.
    SELECT resource_key, tag.value, 'name', 'tag of the application', false, tags_source
    FROM (
        SELECT resource_key, tags_source, unnest(map_entries(tags)) AS tag
        FROM resource_history
        WHERE kind = 'bedrock:GetInferenceProfile' AND (body ->> '$.type') = 'APPLICATION'
    )
    WHERE regexp_full_match(normal_form(tag.key), '(app|application|use-case|usecase|workload)(-?(name|id))?')
    UNION ALL
    SELECT resource_key, text, 'name', CASE WHEN by_role THEN 'tag of its role' ELSE 'tag of its service' END, false,
        record
    FROM service_names
    UNION ALL
    -- The same in the bill, which writes eks:nodegroup-name as user_eks_nodegroup_name or as it is.
    SELECT resource_key, tag.value, 'name', 'tag given by a tool', false, 'bill tag ' || tag.key || ' = ' || tag.value
    FROM (
        SELECT DISTINCT resource_key, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
        WHERE NOT regexp_matches(resource_key, '/Pod/')
    )
    WHERE regexp_matches(
        normal_form(tag.key),
        '^((user|aws)-)?(name|cloudformation-stack-name|autoscaling-group-name|karpenter-sh-nodepool'
        '|eks-nodegroup-name|sagemaker-project-name|batch-job-definition|batch-job-queue|batch-compute-environment'
        '|ecs-service-name)$'
    )

    -- Kubernetes: the labels by which tools tell what a pod is for, its name, image and service account.
    UNION ALL
    SELECT resource_key, unnest(list_concat(
        [
            body ->> '$.metadata.name', body ->> '$.spec.serviceAccountName',
            body ->> '$.metadata.ownerReferences[0].name'
        ],
        list_concat(
            body ->> '$.metadata.labels.*',
            list_transform(body ->> '$.spec.containers[*].image', lambda image: regexp_extract(image, '/([^:@]+)', 1))
        )
    )),
        'kubernetes', 'pod', false, record
    FROM history WHERE kind = 'k8s:Pod'
    UNION ALL
    SELECT resource_key, unnest([body ->> '$.metadata.name', body ->> '$.spec.claimRef.name']), 'kubernetes', 'claim',
        false, record
    FROM history
    WHERE kind IN ('k8s:PersistentVolume', 'k8s:Service')
    UNION ALL
    SELECT DISTINCT to_id, regexp_extract(to_id, '[^/]+$'), 'kubernetes', 'namespace', true, source
    FROM lineage_edges
    WHERE relation = 'in_namespace'
    UNION ALL
    SELECT DISTINCT resource_key, regexp_extract(resource_id, ':pod/[^/]+/[^/]+/([^/]+)/', 1), 'kubernetes', 'pod',
        false, 'bill resource ' || resource_id
    FROM split_things
    UNION ALL
    SELECT DISTINCT resource_key, regexp_extract(resource_key, 'cluster/([^/]+)/Pod/', 1), 'kubernetes', 'cluster',
        false, source
    FROM resource_history
    WHERE kind = 'k8s:Pod'
    UNION ALL
    SELECT DISTINCT resource_key, regexp_extract(resource_key, 'cluster/([^/]+)/Pod/', 1), 'kubernetes', 'cluster',
        false, 'bill resource ' || resource_id
    FROM split_things
    UNION ALL
    SELECT DISTINCT resource_key, regexp_extract(resource_id, ':pod/[^/]+/([^/]+)/', 1), 'kubernetes', 'namespace',
        true, 'bill resource ' || resource_id
    FROM split_things

    -- Places in S3, images, callers.
    UNION ALL
    SELECT DISTINCT to_id, regexp_extract(to_id, '([^/]+?)(\.tar\.gz)?$', 1), 'name',
        CASE WHEN contains(to_id, '/Pod/') THEN 'name' ELSE 'path' END, NOT contains(to_id, '/Pod/'), source
    FROM lineage_edges
    WHERE relation = 'hosts'
    UNION ALL
    SELECT DISTINCT to_id, regexp_replace(to_id, '^s3a?://[^/]+/', ''), 'name', 'path', true, 'path ' || to_id
    FROM lineage_edges
    WHERE starts_with(to_id, 's3')
    UNION ALL
    SELECT DISTINCT 's3://' || json_extract_string(body, '$.Bucket') || '/'
        || trim(json_extract_string(body, '$.Prefix'), '/'),
        trim(json_extract_string(body, '$.Prefix'), '/'), 'name', 'path', true,
        'path ' || json_extract_string(body, '$.Prefix')
    FROM metadata_records WHERE kind = 's3:PrefixUsage'
    UNION ALL
    SELECT resource_key, regexp_replace(iam_principal, '^arn:[^:]*:(iam|sts)::[0-9]*:(assumed-role|role|user)/', ''),
        'name', 'caller', true, 'caller ' || iam_principal
    FROM billed
    WHERE iam_principal <> ''
),

labelled AS (
    SELECT resource_key, tag.value AS text, 'kubernetes' AS source, 'label' AS place, tag.key AS label, false AS teams,
        'bill tag ' || tag.key || ' = ' || tag.value AS record
    FROM (
        SELECT DISTINCT resource_key, unnest(map_entries(tags)) AS tag
        FROM split_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    WHERE regexp_matches(
        tag.key, 'kubernetes_io_name|kserve|kubeflow|workload_name|workload-name|deployment|ray_io|katib'
    )
)

SELECT DISTINCT resource_key, text, source, place, label, teams, record, normal_form(text) AS normal
FROM (
    SELECT *, NULL AS label
    FROM text
    UNION ALL BY NAME
    FROM labelled
)
WHERE normal_form(text) IS NOT NULL
