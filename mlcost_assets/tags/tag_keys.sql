-- Every tag key as written → the dimension it speaks of, and how that was decided: by what it is called, or, where that
-- says nothing, by its values (`MRM` with the numbers of the model registry).
--
-- Reads tag_observations, resource_history, metadata_records and the temporary tables registry_names and key_dimensions
-- (normal_key, dimension, source: built in or rules.yaml; dimension NULL where rules.yaml says that a key speaks of
-- none).
WITH written AS (
    SELECT tag_key, list_sort(list(DISTINCT seen_in)) AS seen_in, count(DISTINCT tag_value) AS "values",
        sum(resources) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(carrier_cost) AS DECIMAL(28,10)) AS carrier_cost
    FROM tag_observations
    GROUP BY tag_key
),

-- The whole key counts before what follows a prefix (acme:team, ml/model).
parted AS (
    SELECT *, normal_form(plain_key(tag_key)) AS normal_key,
        normal_form(regexp_extract(plain_key(tag_key), '[^:/]+$')) AS last_part
    FROM written
),

told AS (
    SELECT parted.*,
        CASE WHEN whole.normal_key IS NOT NULL THEN whole.dimension ELSE part.dimension END AS dimension,
        CASE WHEN names_workload(tag_key) THEN 'names a workload of Kubernetes'
             WHEN is_system_key(tag_key) THEN 'set by a service'
             WHEN whole.normal_key IS NOT NULL THEN whole.source
             WHEN part.normal_key IS NOT NULL THEN part.source || ', after its prefix' END AS how
    FROM parted
    LEFT JOIN key_dimensions AS whole ON whole.normal_key = parted.normal_key
        AND NOT (is_system_key(tag_key) OR names_workload(tag_key))
    LEFT JOIN key_dimensions AS part ON part.normal_key = parted.last_part AND parted.last_part <> parted.normal_key
        AND NOT (is_system_key(tag_key) OR names_workload(tag_key))
),

-- Known keys by their letters, where a letter that is written twice is one: people double what they hear long.
sounding AS (
    SELECT single_letters(normal_key) AS sound, min(normal_key) AS known_key, min(dimension) AS known_dimension
    FROM key_dimensions
    WHERE len(normal_key) >= 5 AND dimension IS NOT NULL
    GROUP BY 1
    HAVING count(DISTINCT dimension) = 1
),

registered AS (
    SELECT normal_form(name) AS name FROM resource_history WHERE kind = 'sagemaker:DescribeModelPackageGroup'
    UNION
    SELECT normal_form(body ->> '$.name') FROM metadata_records WHERE kind = 'mlflow:RegisteredModel'
    UNION
    SELECT normal_value FROM registry_names WHERE dimension = 'model'
),

-- What a key says of resources: whether of something that calls foundation models, and whether a model is named there.
carried AS (
    SELECT parted.normal_key, normal_form(tag.value) AS value,
        bool_or(
            regexp_matches(kind, '^bedrock-agent|^bedrock:Get(ModelInvocationJob|ModelCustomizationJob)$')
                OR kind = 'bedrock:GetInferenceProfile' AND type = 'APPLICATION'
        ) AS calls, bool_or(names_model) AS beside_a_model
    FROM (
        SELECT kind, body ->> '$.type' AS type, unnest(map_entries(tags)) AS tag,
            len(list_filter(map_keys(tags), lambda key: list_contains(model_keys, normal_form(key)))) > 0 AS names_model
        FROM resource_history, (
            SELECT coalesce(list(normal_key), []) AS model_keys FROM key_dimensions WHERE dimension = 'model'
        )
    )
    JOIN parted ON parted.tag_key = tag.key
    GROUP BY ALL
),

-- Keys of which at least two values, and half of all, are registered models; what a model was made from is another.
learned AS (
    SELECT told.normal_key, 'model' AS dimension
    FROM told
    JOIN tag_observations USING (tag_key)
    LEFT JOIN registered ON registered.name = normal_form(tag_value)
    WHERE told.how IS NULL AND NOT regexp_matches(
        told.normal_key, '(^|-)(base|baseline|parent|source|origin|from|upstream|previous|replaces|teacher|name)(-|$)'
    )
    GROUP BY told.normal_key
    HAVING count(DISTINCT registered.name) >= 2
        AND 2 * count(DISTINCT registered.name) >= count(DISTINCT normal_form(tag_value))
    UNION
    -- Keys of which every value is an environment, and that tell at least two (Tier: prd, dev).
    SELECT told.normal_key, 'environment'
    FROM told
    JOIN tag_observations USING (tag_key)
    LEFT JOIN environment_spellings AS spelling ON spelling.normal_value = normal_form(tag_value)
    WHERE told.how IS NULL
    GROUP BY told.normal_key
    HAVING bool_and(spelling.environment IS NOT NULL) AND count(DISTINCT spelling.environment) >= 2
    UNION
    -- Words for a team in one language that are another word elsewhere (time in Portuguese, lag in Swedish), where
    -- another key calls each of their values a team.
    SELECT told.normal_key, 'team'
    FROM told
    JOIN tag_observations USING (tag_key)
    LEFT JOIN (
        SELECT DISTINCT normal_form(tag_value) AS name
        FROM told
        JOIN tag_observations USING (tag_key)
        WHERE dimension = 'team' AND why_nothing(tag_value, 'team') IS NULL
    ) AS team ON team.name = normal_form(tag_value)
    WHERE told.how IS NULL AND told.normal_key IN ('time', 'lag')
    GROUP BY told.normal_key
    HAVING bool_and(team.name IS NOT NULL)
    UNION
    -- What an application does for people (feature), where half of its values and at least two stand on what calls
    -- foundation models or tunes one: no registry has these, and their feature is all that tells them apart. Where a
    -- thing names a model besides, a feature is something else.
    SELECT told.normal_key, 'model'
    FROM told
    JOIN tag_observations USING (tag_key)
    LEFT JOIN carried ON carried.normal_key = told.normal_key AND carried.value = normal_form(tag_value)
    WHERE told.how IS NULL AND regexp_full_match(told.normal_key, '((ai|ml|llm|gen-?ai)-)?feature(-(name|id))?')
    GROUP BY told.normal_key
    HAVING count(DISTINCT carried.value) FILTER (carried.calls) >= 2
        AND 2 * count(DISTINCT carried.value) FILTER (carried.calls) >= count(DISTINCT normal_form(tag_value))
        AND NOT coalesce(bool_or(carried.beside_a_model), false)
),

-- What only a doubled letter tells from a known key: ownner, kankyoo.
spelt AS (
    SELECT told.tag_key, known_dimension, known_key
    FROM told
    JOIN sounding ON sounding.sound = single_letters(told.normal_key)
    WHERE told.how IS NULL
),

-- What the bill writes acme_team stands as acme:team on resources; several keys may be one there.
raw AS (
    SELECT billing_key(tag_key) AS billed_as, list(tag_key ORDER BY tag_key) AS written_as, min(dimension) AS dimension,
        count(DISTINCT dimension) AS dimensions
    FROM told
    WHERE list_contains(seen_in, 'api') AND billing_key(tag_key) <> ''
    GROUP BY billed_as
),

-- The payer's list of cost-allocation tags; the newest word on a key counts.
activation AS (
    SELECT body ->> '$.TagKey' AS tag_key,
        arg_max(body ->> '$.Status' = 'Active', (collected_at, file, line)) AS activated,
        CAST(
            arg_max(time_from_text(body ->> '$.LastUpdatedDate'), (collected_at, file, line)) AS DATE
        ) AS activation_changed
    FROM metadata_records
    WHERE kind = 'ce:ListCostAllocationTags'
    GROUP BY body ->> '$.TagKey'
),

-- In the bill a key may be written as it is, or as CUR 2.0 writes it.
listed AS (
    SELECT written_as, bool_or(activated) AS activated,
        arg_max(activation_changed, (activated, activation_changed)) AS activation_changed
    FROM (
        SELECT *, unnest(list_distinct([tag_key, billing_key(tag_key)])) AS written_as FROM activation
    )
    GROUP BY written_as
)

SELECT
    tag_key, told.seen_in, told.normal_key,
    CASE
        WHEN told.how IS NOT NULL THEN told.dimension
        WHEN raw.dimensions = 1 THEN raw.dimension
        ELSE coalesce(learned.dimension, spelt.known_dimension)
    END AS dimension,
    CASE WHEN told.how IS NOT NULL THEN told.how
         WHEN raw.dimensions = 1 THEN 'stands as ' || raw.written_as[1] || ' on resources'
         WHEN learned.dimension = 'model' AND regexp_matches(told.normal_key, '(^|-)feature(-|$)')
             THEN 'its values stand on what calls foundation models'
         WHEN learned.dimension = 'model' THEN 'its values are names of registered models'
         WHEN learned.dimension = 'environment' THEN 'its values are environments'
         WHEN learned.dimension = 'team' THEN 'its values are teams'
         WHEN spelt.known_key IS NOT NULL THEN 'known key ' || spelt.known_key || ', but for a doubled letter'
         ELSE 'speaks of no dimension' END AS how,
    coalesce(list_filter(raw.written_as, lambda key: key <> tag_key), []) AS also_written,
    "values", CAST(resources AS BIGINT) AS resources, effective_cost,
    coalesce(activation.activated, listed.activated) AS activated,
    coalesce(activation.activation_changed, listed.activation_changed) AS activation_changed, carrier_cost
FROM told
LEFT JOIN activation USING (tag_key)
LEFT JOIN listed ON listed.written_as = told.tag_key AND list_contains(told.seen_in, 'bill')
LEFT JOIN raw ON raw.billed_as = told.tag_key AND list_contains(told.seen_in, 'bill')
LEFT JOIN learned ON learned.normal_key = told.normal_key
LEFT JOIN spelt ON spelt.tag_key = told.tag_key
