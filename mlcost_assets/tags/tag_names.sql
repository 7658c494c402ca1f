-- Links followed to their end: every name, what it means, by which stages, how surely, and the evidence.
--
-- Reads names_seen, name_roots and name_links. A name that is alike to two names of different
-- meaning, neither clearly nearer, keeps its own.
WITH RECURSIVE chosen AS (
    SELECT dimension, name, other, stage,
        CASE
            WHEN turn = 4 THEN score * least(0.9 + support / 10, 0.97)
            WHEN turn = 3 THEN 0.95
            WHEN turn = 2 THEN 0.98
            ELSE 1 END AS keep,
        what, together, resources, other_resources, turn
    FROM name_links WHERE chosen
),

followed AS (
    SELECT dimension, name, name AS meaning, CAST([] AS VARCHAR[]) AS stages, CAST(1 AS DOUBLE) AS confidence,
        CAST([] AS VARCHAR[]) AS evidence, 0 AS steps
    FROM (
        SELECT dimension, name
        FROM names_seen
        UNION
        SELECT dimension, name
        FROM name_roots
    )
    UNION ALL
    SELECT followed.dimension, followed.name, chosen.other, list_append(stages, chosen.stage),
        CAST(confidence * keep AS DOUBLE),
        list_append(evidence, evidence_of_link(chosen)), steps + 1
    FROM followed
    JOIN chosen ON chosen.dimension = followed.dimension AND chosen.name = followed.meaning
    WHERE steps < 6
),

ended AS (
    SELECT dimension, name, arg_max(meaning, steps) AS meaning, arg_max(stages, steps) AS stages,
        arg_max(confidence, steps) AS confidence, arg_max(evidence, steps) AS evidence
    FROM followed GROUP BY dimension, name
),

torn AS (
    SELECT DISTINCT mine.dimension, mine.name
    FROM name_links AS mine
    JOIN name_links AS rival ON rival.dimension = mine.dimension AND rival.name = mine.name
        AND rival.other <> mine.other AND rival.turn = 4 AND rival.sure
        AND rival.score + rival.support > mine.score + mine.support - 0.1
    JOIN ended AS one ON one.dimension = mine.dimension AND one.name = mine.other
    JOIN ended AS other ON other.dimension = mine.dimension AND other.name = rival.other
    WHERE mine.chosen AND mine.turn = 4 AND one.meaning <> other.meaning
)

SELECT
    names_seen.dimension, names_seen.name,
    CASE
        WHEN torn.name IS NOT NULL THEN names_seen.name
        ELSE coalesce(meant.registered_as, ended.meaning) END AS canonical_value,
    CASE WHEN torn.name IS NOT NULL THEN [] ELSE ended.stages END AS stages,
    CASE WHEN torn.name IS NOT NULL THEN 1 ELSE round(ended.confidence, 4) END AS confidence,
    CASE
        WHEN torn.name IS NOT NULL THEN ['alike to several names, none clearly nearer']
        ELSE ended.evidence END AS evidence,
    coalesce(meant.registered OR meant.known, false) AS known
FROM names_seen
JOIN ended USING (dimension, name)
LEFT JOIN torn ON torn.dimension = names_seen.dimension AND torn.name = names_seen.name
LEFT JOIN names_seen AS meant ON meant.dimension = names_seen.dimension
    AND meant.name = CASE WHEN torn.name IS NOT NULL THEN names_seen.name ELSE ended.meaning END
