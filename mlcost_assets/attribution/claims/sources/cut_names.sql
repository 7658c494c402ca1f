-- Names that a tool cut to make room for a time or a random end, where the limit of the service asks for it: the stem
-- that is left begins exactly one known model's name (SageMaker's SDK: 63 letters, 32 for tuning jobs; Kubernetes: 63).
--
-- Reads names_carried and name_dictionary.
WITH spoken AS (
    SELECT DISTINCT resource_key, source, place, regexp_extract(text, '[^/]+$') AS text, record
    FROM names_carried WHERE place IN ('name', 'pod')
),

cut AS (
    SELECT *,
        replace(normal_form(regexp_replace(
            text, '-([0-9]{4}(-[0-9]{2}){5}-[0-9]{3}|[0-9]{6}-[0-9]{4}|[bcdfghjklmnpqrstvwxz2456789]{5})$', ''
        )), '-', '') AS stem
    FROM spoken
    WHERE len(text) BETWEEN 55 AND 63 AND regexp_matches(text, '-[0-9]{4}(-[0-9]{2}){5}-[0-9]{3}$')
        OR len(text) BETWEEN 28 AND 32 AND regexp_matches(text, '-[0-9]{6}-[0-9]{4}$')
        OR len(text) = 63 AND regexp_matches(text, '-[bcdfghjklmnpqrstvwxz2456789]{5}$')
),

begun AS (
    SELECT resource_key, source, place, text, record, min(name) AS name
    FROM cut
    JOIN (
        SELECT DISTINCT compact, name FROM name_dictionary WHERE dimension = 'model'
    ) AS known ON starts_with(known.compact, cut.stem) AND known.compact <> cut.stem
    WHERE len(cut.stem) >= 12
    GROUP BY ALL
    HAVING count(DISTINCT name) = 1
)

SELECT resource_key, 'model' AS dimension, name AS value, always_from() AS valid_from, always_to() AS valid_to,
    'name' AS source, CASE source WHEN 'kubernetes' THEN 'kubernetes' ELSE 'name' END AS method, 'cut_name' AS code,
    place, text AS said, [graded('cut_name')] AS factors, [min(record)] AS path
FROM begun
GROUP BY resource_key, name, source, place, text
