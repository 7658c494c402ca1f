-- Names → the nearest of their stems that stands for itself: somebody writes it, or several names have it in common.
--
-- Reads names_seen, name_stems and name_twins. A stem that nobody writes stands for itself when its names differ only in what
-- changes while a name stays: two environments, dates, hashes or kinds, or three versions. A registered name has no parent.
WITH family AS (
    SELECT dimension, compact, min(stem) AS stem,
        count(DISTINCT name) FILTER (list_has_any(parts, ['environment', 'date', 'hash', 'kind']) AND NOT list_contains(parts, 'number')) AS lasting,
        count(DISTINCT name) FILTER (parts[len(parts)] = 'version') AS versions
    FROM name_stems
    GROUP BY dimension, compact
),

leader AS (
    SELECT dimension, compact, name FROM names_seen WHERE NOT EXISTS (FROM name_twins AS twin WHERE twin.dimension = names_seen.dimension AND twin.name = names_seen.name)
)

SELECT stem.dimension, stem.name, stem.parts, coalesce(leader.name, family.stem) AS parent
FROM name_stems AS stem
JOIN names_seen AS own ON own.dimension = stem.dimension AND own.name = stem.name
JOIN family ON family.dimension = stem.dimension AND family.compact = stem.compact
LEFT JOIN leader ON leader.dimension = stem.dimension AND leader.compact = stem.compact
WHERE own.registered_as IS NULL AND (leader.name IS NOT NULL OR family.lasting >= 2 OR family.versions >= 3)
QUALIFY row_number() OVER (PARTITION BY stem.dimension, stem.name ORDER BY stem.steps) = 1
