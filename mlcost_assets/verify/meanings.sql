-- Claims by a tag that the tag does not support: no tag is written so, or it is taken to mean something else. A model's
-- code gives way to its name, always to the same one.
WITH claim AS (
    SELECT *, renamed AND count(DISTINCT value) FILTER (renamed) OVER (PARTITION BY written, dimension) = 1 AS named
    FROM (
        SELECT DISTINCT billing_period, dimension, value, statement, said AS written,
            list_contains(list_transform(factors, lambda one: one.what), 'the name of its code') AS renamed
        FROM attribution_evidence
        WHERE code IN ('bill_tag', 'resource_tag') AND dimension IS NOT NULL AND value IS NOT NULL
            AND ($period IS NULL OR billing_period = $period)
    )
),

meant AS (
    SELECT DISTINCT tag_key || ' = ' || tag_value AS written, dimension, canonical_value AS value FROM tag_values
)

SELECT claim.billing_period || ': ' || claim.dimension || ' ' || claim.value || ' is said to be ' || claim.statement
    || ', which means '
    || coalesce(
        (
            SELECT string_agg(dimension || ' ' || value, ', ')
            FROM meant
            WHERE meant.written = claim.written AND value IS NOT NULL
        ),
        'nothing'
    ) AS problem
FROM claim
ANTI JOIN meant ON meant.written = claim.written AND meant.dimension = claim.dimension
    AND (meant.value = claim.value OR claim.named AND meant.value IS NOT NULL)
ORDER BY ALL
