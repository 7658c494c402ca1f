-- Names → what is left of them without the parts that change while the name stays, the nearest first.
--
-- fraud-detection-v2-prod has the stems fraud-detection-v2 (without its environment) and fraud-detection (without its
-- version). Reads names_seen and the temporary table name_parts (dimension, word, part, place: first, last or both).
WITH RECURSIVE peeled AS (
    SELECT dimension, name, name AS stem, CAST([] AS VARCHAR[]) AS parts FROM names_seen
    UNION ALL
    SELECT dimension, name, shorter AS stem, list_append(parts, part) AS parts
    FROM (
        SELECT peeled.dimension, peeled.name, peeled.parts,
            CASE WHEN tail.word IS NOT NULL THEN tail.part
                 WHEN regexp_matches(stem, version_tail()) OR regexp_matches(stem, '[a-z]{3}v[0-9]{1,3}$')
                     THEN 'version'
                 WHEN regexp_matches(stem, date_tail()) THEN 'date'
                 WHEN regexp_matches(stem, hash_tail()) AND is_tangle(regexp_extract(stem, hash_tail(), 1)) THEN 'hash'
                 WHEN regexp_matches(stem, '-[0-9]{1,3}$') THEN 'number'
                 WHEN head.word IS NOT NULL THEN head.part END AS part,
            nullif(CASE WHEN tail.word IS NOT NULL THEN left(stem, length(stem) - length(tail.word) - 1)
                 WHEN regexp_matches(stem, version_tail()) THEN regexp_replace(stem, version_tail(), '')
                 WHEN regexp_matches(stem, '[a-z]{3}v[0-9]{1,3}$') THEN regexp_replace(stem, 'v[0-9]{1,3}$', '')
                 WHEN regexp_matches(stem, date_tail()) THEN regexp_replace(stem, date_tail(), '')
                 WHEN regexp_matches(stem, hash_tail()) AND is_tangle(regexp_extract(stem, hash_tail(), 1))
                     THEN regexp_replace(stem, hash_tail(), '')
                 WHEN regexp_matches(stem, '-[0-9]{1,3}$') THEN regexp_replace(stem, '-[0-9]{1,3}$', '')
                 WHEN head.word IS NOT NULL THEN substr(stem, length(head.word) + 2) END, '') AS shorter
        FROM peeled
        LEFT JOIN name_parts AS tail ON tail.dimension = peeled.dimension
            AND tail.word = regexp_extract(stem, '-([^-]+)$', 1) AND tail.place <> 'first'
        LEFT JOIN name_parts AS head ON head.dimension = peeled.dimension
            AND head.word = regexp_extract(stem, '^([^-]+)-', 1) AND head.place <> 'last'
        WHERE len(parts) < 4
    )
    WHERE part IS NOT NULL AND shorter IS NOT NULL
)

SELECT dimension, name, stem, parts, len(parts) AS steps, compact(stem) AS compact,
    row_number() OVER (PARTITION BY dimension, name ORDER BY len(parts) DESC, stem, parts) = 1 AS shortest
FROM peeled
WHERE len(parts) > 0
