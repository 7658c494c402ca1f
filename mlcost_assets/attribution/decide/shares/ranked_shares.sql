-- Every source's shares → for each resource and elementary interval those of the best source only.
--
-- Reads the temporary table measured_shares. Shares of an instance type hold
-- for charges of that type; '*' for all others.
WITH typed AS (
    -- Where something better than the variants divides an endpoint, types tell nothing.
    FROM measured_shares
    WHERE instance_type IS NOT NULL
        AND resource_key NOT IN (SELECT resource_key FROM measured_shares WHERE instance_type IS NULL AND rank = 1)
    UNION ALL
    SELECT * REPLACE ('*' AS instance_type) FROM measured_shares
),

boundary AS (
    SELECT resource_key, instance_type, unnest([valid_from, valid_to]) AS moment FROM typed
),

piece AS (
    SELECT resource_key, instance_type, moment AS valid_from,
        lead(moment) OVER (PARTITION BY resource_key, instance_type ORDER BY moment) AS valid_to
    FROM (
        SELECT DISTINCT * FROM boundary
    )
    QUALIFY valid_to IS NOT NULL
),

held AS (
    SELECT piece.resource_key, piece.instance_type, typed.consumer_key, piece.valid_from, piece.valid_to, rank,
        sum(weight) AS weight, min({'measure': measure, 'method': method}) AS said,
        arg_min(factors, (sureness(factors), measure)) AS factors,
        list_sort(list_distinct(flatten(list(sources)))) AS sources
    FROM piece
    JOIN typed ON typed.resource_key = piece.resource_key AND typed.instance_type = piece.instance_type
        AND typed.valid_from <= piece.valid_from AND typed.valid_to >= piece.valid_to
    GROUP BY piece.resource_key, piece.instance_type, typed.consumer_key, piece.valid_from, piece.valid_to, rank
    QUALIFY rank = min(rank) OVER (PARTITION BY piece.resource_key, piece.instance_type, piece.valid_from)
)

SELECT * EXCLUDE (weight, rank, said), said.measure AS measure, said.method AS method,
    CASE
        WHEN sum(weight) OVER whole > 0 THEN weight / sum(weight) OVER whole
        ELSE 1.0 / count(*) OVER whole END AS fraction
FROM held
WINDOW whole AS (PARTITION BY resource_key, instance_type, valid_from)
