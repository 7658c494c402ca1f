-- The edges within $depth steps of the thing $key, in both directions; at the moment $at, or at any time.
--
-- Of one relation of the thing itself the $most newest are followed; around it, only what has no more than that: what
-- everybody uses (an image, a bucket) connects nothing. A row with `others`, and one end only, counts what is left out.
WITH RECURSIVE held AS (
    SELECT * FROM lineage_edges
    WHERE from_id <> to_id AND ($at IS NULL OR (coalesce(valid_from <= $at, true) AND coalesce(valid_to > $at, true)))
),

step AS (
    SELECT *, row_number() OVER (PARTITION BY id, outward, relation ORDER BY newest DESC, other) AS place,
        count(*) OVER (PARTITION BY id, outward, relation) AS many
    FROM (
        SELECT from_id AS id, true AS outward, relation, to_id AS other, max(valid_from) AS newest
        FROM held
        GROUP BY ALL
        UNION ALL
        SELECT to_id, false, relation, from_id, max(valid_from) FROM held GROUP BY ALL
    )
),

reached (id, distance) AS (
    SELECT $key, 0
    UNION
    SELECT step.other, distance + 1
    FROM reached
    JOIN step USING (id)
    WHERE distance < $depth AND place <= $most AND (distance = 0 OR many <= $most)
),

near AS (
    SELECT id, min(distance) AS distance FROM reached GROUP BY id
),

taken AS (
    SELECT CASE WHEN outward THEN id ELSE other END AS from_id, relation,
        CASE WHEN outward THEN other ELSE id END AS to_id, min(distance) + 1 AS distance
    FROM near
    JOIN step USING (id)
    WHERE distance < $depth AND place <= $most AND (distance = 0 OR many <= $most)
    GROUP BY ALL
)

SELECT distance, from_id, relation, to_id, valid_from, valid_to, source, detail, CAST(NULL AS BIGINT) AS others
FROM taken
JOIN held USING (from_id, relation, to_id)
UNION ALL
SELECT distance + 1, CASE WHEN outward THEN id END, relation,
    CASE WHEN NOT outward THEN id END, NULL, NULL, NULL, NULL,
    CASE WHEN distance = 0 THEN many - $most ELSE many END
FROM near
JOIN step USING (id)
WHERE distance < $depth AND place = 1 AND many > $most
ORDER BY distance, others NULLS FIRST, from_id NULLS LAST, relation, to_id NULLS LAST, valid_from, source
