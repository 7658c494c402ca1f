-- Names → the nearest of their stems that stands for itself: somebody writes it, or several names have it in common.
--
-- Reads names_seen and name_stems. A stem that nobody writes stands for itself when its names differ only in what changes
-- while a name stays: two environments, dates or hashes, or three versions. A registered name has no parent.
WITH family AS (
    SELECT dimension, compact, min(stem) AS stem,
        count(DISTINCT name) FILTER (list_has_any(parts, ['environment', 'date', 'hash', 'kind']) AND NOT list_contains(parts, 'number')) AS lasting,
        count(DISTINCT name) FILTER (parts[len(parts)] = 'version') AS versions
    FROM name_stems
    GROUP BY dimension, compact
)

SELECT stem.dimension, stem.name, stem.parts, coalesce(written.name, family.stem) AS parent, written.name IS NULL AS unwritten
FROM name_stems AS stem
JOIN names_seen AS own ON own.dimension = stem.dimension AND own.name = stem.name
JOIN family ON family.dimension = stem.dimension AND family.compact = stem.compact
LEFT JOIN (
    -- Of several ways to join the stem's words the one with most behind it.
    SELECT dimension, compact, arg_max(name, (registered, known, effective_cost, resources, name)) AS name FROM names_seen GROUP BY dimension, compact
) AS written ON written.dimension = stem.dimension AND written.compact = stem.compact
WHERE own.registered_as IS NULL AND (written.name IS NOT NULL OR family.lasting >= 2 OR family.versions >= 3)
QUALIFY row_number() OVER (PARTITION BY stem.dimension, stem.name ORDER BY stem.steps) = 1
