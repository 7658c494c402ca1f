-- Tags as written → the dimension they speak of and the name they mean.
--
-- Reads tag_observations and the temporary tables tag_keys (normal_key → dimension), environment_spellings
-- (normal_value → environment) and registry_names (dimension, normal_value → canonical).
WITH written AS (
    SELECT tag_key, tag_value, sum(resources) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM tag_observations
    GROUP BY ALL
),

spoken AS (
    SELECT written.*, tag_keys.dimension, normal_form(tag_value) AS normal,
        -- A version, a date or an environment at the end often is not part of the name.
        regexp_replace(normal_form(tag_value), '(-(v?[0-9]+|prod|production|prd|live|staging|stage|stg|uat|test|qa|dev|development|sandbox))+$', '') AS stripped
    FROM written
    -- Keys of account tags and IAM principal tags arrive as accountTag/team; the last part is the key.
    LEFT JOIN tag_keys ON tag_keys.normal_key = normal_form(regexp_extract(regexp_replace(tag_key, '^(user[:_]|aws[:_])', ''), '[^/]+$'))
        AND NOT regexp_matches(tag_key, '^aws[:_]')
),

-- Names that somebody wrote in just this form carry those that only end differently.
known AS (
    SELECT DISTINCT dimension, normal FROM spoken WHERE dimension IS NOT NULL AND normal IS NOT NULL
    UNION
    SELECT dimension, normal_value FROM registry_names
)

SELECT
    tag_key, tag_value, spoken.dimension,
    CASE
        WHEN spoken.dimension IS NULL OR spoken.normal IS NULL OR tag_value LIKE '%@%' THEN NULL
        WHEN spoken.dimension = 'environment' THEN coalesce(environment_spellings.environment, spoken.normal)
        WHEN alias.canonical IS NOT NULL THEN alias.canonical
        WHEN stripped_alias.canonical IS NOT NULL THEN stripped_alias.canonical
        WHEN base.normal IS NOT NULL THEN base.normal
        ELSE spoken.normal
    END AS canonical_value,
    CASE
        WHEN spoken.dimension IS NULL THEN 'the key speaks of no dimension'
        WHEN spoken.normal IS NULL THEN 'empty'
        WHEN tag_value LIKE '%@%' THEN 'a person, not a name of work'
        WHEN spoken.dimension = 'environment' AND environment_spellings.environment IS NOT NULL THEN 'environment spelling'
        WHEN alias.canonical IS NOT NULL THEN 'registry alias'
        WHEN stripped_alias.canonical IS NOT NULL OR base.normal IS NOT NULL THEN 'suffix removed'
        WHEN tag_value = spoken.normal THEN 'exact'
        ELSE 'normal form'
    END AS how,
    CASE
        WHEN spoken.dimension IS NULL OR spoken.normal IS NULL OR tag_value LIKE '%@%' THEN 0
        WHEN alias.canonical IS NOT NULL OR tag_value = spoken.normal OR environment_spellings.environment IS NOT NULL THEN 1
        WHEN stripped_alias.canonical IS NOT NULL OR base.normal IS NOT NULL THEN 0.9
        ELSE 0.98
    END AS confidence,
    resources, effective_cost
FROM spoken
LEFT JOIN environment_spellings ON spoken.dimension = 'environment' AND environment_spellings.normal_value = spoken.normal
LEFT JOIN registry_names AS alias ON alias.dimension = spoken.dimension AND alias.normal_value = spoken.normal
LEFT JOIN registry_names AS stripped_alias ON stripped_alias.dimension = spoken.dimension AND stripped_alias.normal_value = stripped
LEFT JOIN known AS base ON base.dimension = spoken.dimension AND base.normal = stripped AND stripped <> spoken.normal
