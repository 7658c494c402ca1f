-- Claims by a tag that the tag does not support: no tag is written so, or it is taken to mean something else.
WITH claim AS (
    SELECT DISTINCT billing_period, dimension, value, statement, said AS written
    FROM attribution_evidence
    WHERE code IN ('bill_tag', 'resource_tag') AND dimension IS NOT NULL AND value IS NOT NULL
        AND ($period IS NULL OR billing_period = $period)
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
ANTI JOIN meant USING (written, dimension, value)
ORDER BY ALL
