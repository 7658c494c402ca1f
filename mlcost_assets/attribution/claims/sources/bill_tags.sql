-- Tags in the bill. A value holds from the first day it was billed with to the first day of the next one: a tag that
-- was activated late, or lost for some days, says who owns the resource all the same.
WITH claim AS (
    SELECT thing.resource_key, tag_values.dimension, tag_values.canonical_value AS value,
        min(first_date) AS first_date,
        max(tag_values.confidence) AS confidence,
        sum(thing.effective_cost) AS cost,
        arg_min(tag.key || ' = ' || tag.value, (first_date, tag.key, tag.value)) AS written
    FROM billed_things AS thing
    JOIN (
        SELECT billing_period, tag_set, unnest(map_entries(tags)) AS tag FROM bill_tag_sets
    ) AS tagged
        USING (billing_period, tag_set)
    JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    WHERE resource_key IS NOT NULL AND canonical_value IS NOT NULL AND NOT starts_with(tag.key, 'accountTag/')
    GROUP BY ALL
),

-- Of two values that begin on one day the one with more dollars counts; the other is a claim that loses.
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY resource_key, dimension, first_date ORDER BY cost DESC, value) AS place
    FROM claim
)

SELECT
    resource_key, dimension, value,
    CASE
        WHEN first_date = min(first_date) OVER (PARTITION BY resource_key, dimension) THEN always_from()
        ELSE CAST(first_date AS TIMESTAMP) END AS valid_from,
    coalesce(
        CAST(
            min(first_date) OVER (
                PARTITION BY resource_key, dimension
                ORDER BY first_date RANGE BETWEEN INTERVAL 1 DAY FOLLOWING AND UNBOUNDED FOLLOWING
            ) AS TIMESTAMP
        ),
        always_to()
    ) AS valid_to,
    'bill_tag' AS source,
    'tag' AS method,
    'bill_tag' AS code,
    'tag' AS place,
    written AS said,
    CASE
        WHEN place = 1 THEN [factor('meaning of the value', confidence), graded('bill_tag')]
        ELSE [factor('meaning of the value', confidence), graded('bill_tag'), graded('another dates it')]
    END AS factors,
    ['bill tag ' || written] AS path
FROM numbered
