-- Names against names that are known from better sources: the longest known name among the words of a name.
--
-- Reads names_carried and dictionary_hits (the known names among their words). What is left must be ordinary words for
-- the claim to be a good one. Each place that carries the name is a claim of its own, with one record and one text.
WITH matched AS (
    SELECT spoken.resource_key, spoken.source, spoken.place, spoken.label, spoken.text, spoken.record,
        name_dictionary.dimension, name_dictionary.name AS value,
        len(name_dictionary.compact) AS length, word.rest_is_ordinary
    FROM names_carried AS spoken
    JOIN dictionary_hits AS word USING (normal)
    JOIN name_dictionary ON name_dictionary.compact = word.run
    WHERE spoken.place <> 'cluster'
        AND (name_dictionary.dimension = 'model' OR (name_dictionary.dimension = 'team' AND spoken.teams))
),

longest AS (
    SELECT *, max(length) OVER (PARTITION BY resource_key, source, text, dimension) AS longest FROM matched
),

weighed AS (
    SELECT *, list_filter([
        started('name', place),
        CASE WHEN NOT rest_is_ordinary THEN graded('other words') END,
        -- What serves models against each other is called by the name of one.
        CASE
            WHEN dimension = 'model' AND contains(resource_key, ':endpoint/')
                AND list_has_any(string_split(normal_form(text), '-'), ['ab', 'abtest', 'mme'])
                THEN graded('tests several')
        END
    ], lambda one: one IS NOT NULL) AS factors
    FROM longest
    WHERE length = longest
),

best AS (
    SELECT resource_key, dimension, value, source, place,
        arg_max(
            {'factors': factors, 'label': label, 'text': text, 'record': record},
            (sureness(factors), text, record, coalesce(label, ''))
        ) AS one
    FROM weighed
    GROUP BY resource_key, dimension, value, source, place
)

SELECT resource_key, dimension, value, always_from() AS valid_from, always_to() AS valid_to,
    CASE WHEN place IN ('parameter model_name', 'registered model') THEN 'lineage' ELSE source END AS source,
    CASE source WHEN 'kubernetes' THEN 'kubernetes' ELSE 'name' END AS method,
    'name' AS code, concat_ws(' ', place, one.label) AS place, one.text AS said, one.factors AS factors,
    [one.record] AS path
FROM best
