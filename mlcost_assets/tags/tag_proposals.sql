-- What may be one name and was not taken for one: the strongest guess of each name, for a person to decide. Of two
-- names of which neither is better known the rarer one may be the other.
WITH alike AS (
    SELECT link.dimension, link.name, meant.canonical_value AS other, link.stage, link.score, link.support, link.what,
        link.objection, link.together,
        link.resources, coalesce(link.other_resources, 0) AS other_resources,
        coalesce(link.other_resources, 0) < link.resources AND NOT meant.known AND len(meant.stages) = 0 AS swapped
    FROM name_links AS link
    JOIN name_meanings AS own ON own.dimension = link.dimension AND own.name = link.name
    JOIN name_meanings AS meant ON meant.dimension = link.dimension AND meant.name = link.other
    WHERE own.canonical_value <> meant.canonical_value AND link.score >= $proposed AND len(own.stages) = 0
        AND link.dimension || ' ' || link.name NOT IN (SELECT dimension || ' ' || name FROM names_apart)
        AND coalesce(link.objection, '') <> 'a registry knows both'
),

turned AS (
    SELECT * REPLACE (
        CASE WHEN swapped THEN other ELSE name END AS name,
        CASE WHEN swapped THEN name ELSE other END AS other,
        CASE WHEN swapped THEN other_resources ELSE resources END AS resources,
        CASE WHEN swapped THEN resources ELSE other_resources END AS other_resources
    )
    FROM alike
)

SELECT
    turned.dimension, turned.name, turned.other, turned.stage, round(turned.score, 4) AS likeness, turned.support,
    concat_ws('; ', turned.what, turned.objection, turned.resources || ' against ' || turned.other_resources || ' uses',
        CASE
            WHEN len(turned.together) > 0 THEN 'the same ' || array_to_string(list_sort(turned.together), ', ')
            ELSE 'nothing in common is known' END
    ) AS evidence,
    coalesce(seen.resources, 0) AS resources, coalesce(seen.effective_cost, 0) AS effective_cost
FROM turned
JOIN names_seen AS seen ON seen.dimension = turned.dimension AND seen.name = turned.name
QUALIFY row_number() OVER (
    PARTITION BY turned.dimension, turned.name ORDER BY turned.score + turned.support DESC, turned.other
) = 1
