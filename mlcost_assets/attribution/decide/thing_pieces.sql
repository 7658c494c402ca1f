-- What the bill names, cut in time where a claim about it, a share or what is registered begins or ends; a shared thing
-- has one piece a consumer, and where no share holds the thing is one part of its own.
--
-- Reads the temporary tables period_things, thing_parts and thing_claims.
WITH boundary AS (
    SELECT billed_thing, unnest([starts, ends]) AS moment FROM period_things
    UNION
    SELECT billed_thing, moment FROM (
        SELECT billed_thing, unnest([valid_from, valid_to]) AS moment FROM thing_claims
        UNION ALL
        SELECT billed_thing, unnest([valid_from, valid_to]) FROM thing_parts
    )
    JOIN period_things USING (billed_thing)
    WHERE moment > starts AND moment < ends
    UNION
    -- Nobody knows yet which workload it is.
    SELECT billed_thing, moment FROM period_things
    JOIN (
        SELECT DISTINCT unnest([valid_from, valid_to]) AS moment FROM workload_defaults
    ) AS registry ON moment > starts
        AND moment < ends
),

piece AS (
    SELECT billed_thing, moment AS valid_from, lead(moment) OVER (PARTITION BY billed_thing ORDER BY moment) AS valid_to
    FROM boundary
    QUALIFY valid_to IS NOT NULL
)

SELECT piece.*, part.consumer_key, coalesce(part.weight, 1) AS weight, share_method, share_factors, share_sources,
    measure
FROM piece
LEFT JOIN thing_parts AS part ON part.billed_thing = piece.billed_thing AND part.valid_from <= piece.valid_from
    AND part.valid_to >= piece.valid_to
