-- Every tag key as written → the dimension it speaks of, and how that was decided.
--
-- Reads tag_observations and the temporary table key_dimensions (normal_key, dimension, source: built in or rules.yaml;
-- dimension NULL where rules.yaml says that a key speaks of none).
WITH written AS (
    SELECT tag_key, list_sort(list(DISTINCT seen_in)) AS seen_in, count(DISTINCT tag_value) AS "values",
        sum(resources) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM tag_observations
    GROUP BY tag_key
),

-- The whole key counts before what follows a prefix (acme:team, ml/model).
parted AS (
    SELECT *, normal_form(plain_key(tag_key)) AS normal_key, normal_form(regexp_extract(plain_key(tag_key), '[^:/]+$')) AS last_part FROM written
),

told AS (
    SELECT parted.*,
        CASE WHEN whole.normal_key IS NOT NULL THEN whole.dimension ELSE part.dimension END AS dimension,
        CASE WHEN is_system_key(tag_key) THEN 'set by a service'
             WHEN whole.normal_key IS NOT NULL THEN whole.source
             WHEN part.normal_key IS NOT NULL THEN part.source || ', after its prefix' END AS how
    FROM parted
    LEFT JOIN key_dimensions AS whole ON whole.normal_key = parted.normal_key AND NOT is_system_key(tag_key)
    LEFT JOIN key_dimensions AS part ON part.normal_key = parted.last_part AND parted.last_part <> parted.normal_key AND NOT is_system_key(tag_key)
),

-- What the bill writes acme_team stands as acme:team on resources; several keys may be one there.
raw AS (
    SELECT billing_key(tag_key) AS billed_as, list(tag_key ORDER BY tag_key) AS written_as, min(dimension) AS dimension, count(DISTINCT dimension) AS dimensions
    FROM told
    WHERE list_contains(seen_in, 'api') AND billing_key(tag_key) <> ''
    GROUP BY billed_as
)

SELECT
    tag_key, told.seen_in, told.normal_key,
    CASE WHEN told.how IS NOT NULL THEN told.dimension WHEN raw.dimensions = 1 THEN raw.dimension END AS dimension,
    CASE WHEN told.how IS NOT NULL THEN told.how
         WHEN raw.dimensions = 1 THEN 'stands as ' || raw.written_as[1] || ' on resources'
         ELSE 'speaks of no dimension' END AS how,
    coalesce(list_filter(raw.written_as, lambda key: key <> tag_key), []) AS also_written,
    "values", CAST(resources AS BIGINT) AS resources, effective_cost
FROM told
LEFT JOIN raw ON raw.billed_as = told.tag_key AND list_contains(told.seen_in, 'bill')
