-- Labels of Kubernetes objects and properties of registered packages, read like tags. A model that nothing else knows
-- is none where the label only says what kind of model it is, or upon which base adapters are loaded.
WITH labelled AS (
    SELECT resource_key, source AS record, key AS label,
        member(json_extract(body, '$.metadata.labels'), key) AS value
    FROM (
        SELECT resource_key, source, body, unnest(json_keys(body, '$.metadata.labels')) AS key
        FROM resource_history
        WHERE kind IN ('k8s:Pod', 'k8s:PersistentVolume', 'k8s:Service')
    )
    UNION ALL
    -- What the model registry keeps of a package besides.
    SELECT resource_key, source, key, member(json_extract(body, '$.CustomerMetadataProperties'), key)
    FROM (
        SELECT resource_key, source, body, unnest(json_keys(body, '$.CustomerMetadataProperties')) AS key
        FROM resource_history
        WHERE kind = 'sagemaker:DescribeModelPackage'
    )
    UNION ALL
    SELECT resource_key, 'bill tag ' || tag.key || ' = ' || tag.value, regexp_replace(tag.key, '^user[:_]', ''),
        tag.value
    FROM (
        SELECT DISTINCT resource_key, unnest(map_entries(tags)) AS tag
        FROM split_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
)

SELECT resource_key, key_dimensions.dimension,
    CASE key_dimensions.dimension
        WHEN 'environment' THEN environment_words.environment
        ELSE coalesce(name_dictionary.name, normal_form(value)) END AS value,
    always_from() AS valid_from, always_to() AS valid_to, 'label' AS source, 'kubernetes' AS method,
    'label' AS code, 'label' AS place, min(label || ' = ' || value) AS said,
    CASE
        WHEN name_dictionary.name IS NOT NULL OR key_dimensions.dimension = 'environment' THEN [graded('label')]
        ELSE [graded('label'), graded('unknown name')] END AS factors,
    [min({'written': label || ' = ' || value, 'record': record}).record] AS path
FROM labelled
JOIN key_dimensions ON key_dimensions.normal_key = normal_form(regexp_extract(label, '[^/]+$'))
LEFT JOIN name_dictionary ON name_dictionary.dimension = key_dimensions.dimension
    AND name_dictionary.compact = replace(normal_form(value), '-', '')
LEFT JOIN environment_words ON environment_words.word = normal_form(value)
WHERE key_dimensions.dimension IN ('team', 'environment', 'project', 'business_function', 'model')
    AND NOT regexp_matches(label, 'app[._]kubernetes|^app$') AND NOT is_system_key(label)
    AND (key_dimensions.dimension <> 'environment' OR environment_words.environment IS NOT NULL)
    AND why_nothing(value, key_dimensions.dimension) IS NULL
    AND (key_dimensions.dimension <> 'model' OR name_dictionary.name IS NOT NULL OR NOT (
        says_only_the_kind(normal_form(value)) OR (resource_key, replace(normal_form(value), '-', '')) IN (
            SELECT (base.resource_key, replace(normal_form(base.text), '-', ''))
            FROM model_arguments AS base
            WHERE is_base
        )
    ))
GROUP BY ALL
