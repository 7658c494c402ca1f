-- Tags as written → the dimension they speak of and the name they mean.
--
-- Reads tag_observations, tag_keys, tag_names, tag_proposals, and the temporary tables observed_names and
-- environment_spellings.
WITH written AS (
    SELECT tag_key, tag_value, sum(resources) AS resources,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM tag_observations
    GROUP BY ALL
),

spoken AS (
    SELECT written.*, tag_keys.dimension,
        CASE WHEN tag_keys.dimension = 'environment' THEN joined_environments(name_told(tag_value))
             ELSE observed.name END AS name,
        CASE WHEN observed.name IS NULL THEN why_nothing(tag_value, tag_keys.dimension) END AS nothing
    FROM written
    JOIN tag_keys USING (tag_key)
    LEFT JOIN observed_names AS observed USING (tag_key, tag_value)
),

-- An environment stands alone, or as the only such word of a longer text (acme-prod-eu); of several it is none.
worded AS (
    SELECT name, CASE WHEN count(DISTINCT environment) = 1 THEN any_value(environment) END AS environment,
        count(DISTINCT environment) AS environments
    FROM (
        SELECT name, unnest(string_split(name, '-')) AS word
        FROM (
            SELECT DISTINCT name FROM spoken WHERE dimension = 'environment'
        )
    )
    JOIN environment_spellings ON normal_value = word AND (length(word) > 2 OR word = 'qa')
    GROUP BY name
),

meant AS (
    SELECT spoken.*, tag_names.canonical_value AS meaning, tag_names.stages, tag_names.confidence AS sureness,
        tag_names.evidence, tag_names.known,
        coalesce(whole.environment, worded.environment) AS environment,
        whole.environment IS NOT NULL AS whole_environment,
        coalesce(
            spoken.nothing,
            CASE
                WHEN whole.environment IS NULL AND worded.environments > 1 AND regexp_matches(tag_value, '[/+&]')
                    THEN 'several names'
                -- A known name beside another in one value: risk/growth, risk & growth.
                WHEN spoken.dimension <> 'environment' AND spoken.name IS NULL THEN 'several names'
            END
        ) AS why_not,
        count(*) OVER (PARTITION BY spoken.dimension, tag_names.canonical_value) AS spellings,
        proposal.name IS NOT NULL AS doubtful
    FROM spoken
    LEFT JOIN tag_names ON tag_names.dimension = spoken.dimension AND tag_names.name = spoken.name
    LEFT JOIN tag_proposals AS proposal ON proposal.dimension = spoken.dimension AND proposal.name = spoken.name
    LEFT JOIN environment_spellings AS whole ON spoken.dimension = 'environment' AND whole.normal_value = spoken.name
    LEFT JOIN worded ON spoken.dimension = 'environment' AND worded.name = spoken.name
)

SELECT
    tag_key, tag_value, dimension,
    CASE
        WHEN why_not IS NOT NULL THEN NULL
        WHEN dimension = 'environment' THEN coalesce(environment, name)
        ELSE meaning
    END AS canonical_value,
    CASE
        WHEN dimension IS NULL THEN 'the key speaks of no dimension'
        WHEN why_not IS NOT NULL THEN why_not
        WHEN dimension = 'environment'
            THEN CASE WHEN environment IS NULL THEN 'known only here' ELSE 'environment spelling' END
        ELSE concat_ws(', ',
            nullif(
                array_to_string(
                    list_distinct(
                        CASE
                            WHEN tag_value <> name AND stages[1] IS DISTINCT FROM 'registry alias'
                                AND stages[1] IS DISTINCT FROM 'normal form'
                                THEN list_prepend('normal form', stages)
                            ELSE stages END
                    ),
                    ', '
                ),
                ''
            ),
            CASE
                WHEN spellings = 1 AND NOT known AND len(stages) = 0 THEN 'known only here'
                WHEN tag_value = name AND len(stages) = 0 THEN 'exact'
            END
        )
    END AS how,
    CASE
        WHEN dimension IS NULL OR why_not IS NOT NULL THEN 0
        WHEN dimension = 'environment' THEN CASE
            WHEN whole_environment THEN 1
            WHEN environment IS NOT NULL THEN 0.9
            ELSE 0.8 END
        -- It may be another name misspelt.
        WHEN doubtful THEN 0.7
        WHEN tag_value = name OR stages[1] = 'registry alias'
            THEN sureness * CASE WHEN spellings = 1 AND NOT known AND len(stages) = 0 THEN 0.95 ELSE 1 END
        ELSE round(sureness * 0.98, 4)
    END AS confidence,
    CAST(resources AS BIGINT) AS resources, effective_cost,
    array_to_string(evidence, ' · ') AS evidence
FROM meant
