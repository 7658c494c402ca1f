-- What may be one name and was not taken for one: the strongest guess of each name, for a person to decide.
SELECT
    link.dimension, link.name, meant.canonical_value AS other, link.stage, round(link.score, 4) AS likeness, link.support,
    concat_ws('; ', link.what, link.objection, link.resources || ' against ' || coalesce(link.other_resources, 0) || ' uses',
        CASE WHEN len(link.together) > 0 THEN 'the same ' || array_to_string(list_sort(link.together), ', ') ELSE 'nothing in common is known' END) AS evidence,
    coalesce(seen.resources, 0) AS resources, coalesce(seen.effective_cost, 0) AS effective_cost
FROM name_links AS link
JOIN name_meanings AS own ON own.dimension = link.dimension AND own.name = link.name
JOIN name_meanings AS meant ON meant.dimension = link.dimension AND meant.name = link.other
JOIN names_seen AS seen ON seen.dimension = link.dimension AND seen.name = link.name
WHERE own.canonical_value <> meant.canonical_value AND link.score >= $proposed AND len(own.stages) = 0
    AND link.dimension || ' ' || link.name NOT IN (SELECT dimension || ' ' || name FROM names_apart)
    AND coalesce(link.objection, '') <> 'a registry knows both'
QUALIFY row_number() OVER (PARTITION BY link.dimension, link.name ORDER BY link.score + link.support DESC, link.other) = 1
