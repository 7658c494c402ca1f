-- Names → the nearest of their stems that stands for itself: somebody writes it, or several names have it in common.
--
-- Reads names_seen, name_stems and name_leaders. A stem that nobody writes stands for itself when its
-- names differ only in what changes while a name stays: two environments, dates or hashes, or three
-- versions. A registered name has no parent.
WITH family AS (
    SELECT dimension, compact, min(stem) AS stem,
        count(DISTINCT name) FILTER (
            list_has_any(parts, ['environment', 'date', 'hash']) AND NOT list_contains(parts, 'number')
        ) AS lasting,
        count(DISTINCT name) FILTER (parts[len(parts)] = 'version') AS versions
    FROM name_stems
    GROUP BY dimension, compact
)

SELECT stem.dimension, stem.name, stem.parts, coalesce(led.leader, family.stem) AS parent
FROM name_stems AS stem
JOIN names_seen AS own ON own.dimension = stem.dimension AND own.name = stem.name
JOIN family ON family.dimension = stem.dimension AND family.compact = stem.compact
LEFT JOIN name_leaders AS led ON led.dimension = stem.dimension AND led.compact = stem.compact
WHERE own.registered_as IS NULL AND (led.leader IS NOT NULL OR family.lasting >= 2 OR family.versions >= 3)
QUALIFY row_number() OVER (PARTITION BY stem.dimension, stem.name ORDER BY stem.steps, stem.stem, stem.parts) = 1
