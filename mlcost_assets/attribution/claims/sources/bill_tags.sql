-- Tags in the bill. A value holds from the first day it was billed with to the first day of the next one, also where it
-- is lost for some days: a tag that was activated late says who owns the resource all the same. Where the next one
-- ends and the one before is still billed, that one holds again.
WITH said AS (
    SELECT thing.resource_key, tag_values.dimension, tag_values.canonical_value AS value, first_date, last_date,
        max(tag_values.confidence) AS confidence,
        sum(thing.effective_cost) AS cost,
        arg_min(tag.key || ' = ' || tag.value, (tag.key, tag.value)) AS written
    FROM billed_things AS thing
    JOIN (
        SELECT billing_period, tag_set, unnest(map_entries(tags)) AS tag FROM bill_tag_sets
    ) AS tagged
        USING (billing_period, tag_set)
    JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    WHERE resource_key IS NOT NULL AND canonical_value IS NOT NULL AND NOT starts_with(tag.key, 'accountTag/')
    GROUP BY ALL
),

claim AS (
    SELECT resource_key, dimension, value, min(first_date) AS first_date, max(confidence) AS confidence,
        sum(cost) AS cost, arg_min(written, (first_date, written)) AS written
    FROM said
    GROUP BY ALL
),

moment AS (
    SELECT DISTINCT resource_key, dimension, unnest([first_date, last_date + 1]) AS day
    FROM said
),

-- Of two values that begin on one day the one with more dollars counts; the other is a claim that loses.
billed AS (
    SELECT DISTINCT resource_key, dimension, day, value, claim.first_date, claim.cost
    FROM moment
    JOIN said USING (resource_key, dimension)
    JOIN claim USING (resource_key, dimension, value)
    WHERE day BETWEEN said.first_date AND last_date
    QUALIFY claim.first_date = max(claim.first_date) OVER (PARTITION BY resource_key, dimension, day)
),

span AS (
    SELECT resource_key, dimension, day, list(value ORDER BY cost DESC, value) AS said
    FROM billed
    GROUP BY resource_key, dimension, day
    QUALIFY said IS DISTINCT FROM lag(said) OVER (PARTITION BY resource_key, dimension ORDER BY day)
),

dated AS (
    SELECT resource_key, dimension, unnest(said) AS value, generate_subscripts(said, 1) AS place,
        CASE
            WHEN day = min(day) OVER of_dimension THEN always_from()
            ELSE CAST(day AS TIMESTAMP) END AS valid_from,
        coalesce(CAST(lead(day) OVER of_dimension AS TIMESTAMP), always_to()) AS valid_to
    FROM span
    WINDOW of_dimension AS (PARTITION BY resource_key, dimension ORDER BY day)
)

SELECT
    resource_key, dimension, value, valid_from, valid_to,
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
FROM dated
JOIN claim USING (resource_key, dimension, value)
