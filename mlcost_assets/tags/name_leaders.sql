-- Of the names of the same letters, which differ in where their words are joined, the one that leads.
--
-- Reads names_seen, name_stems, english and, for where the words of a name that is written as one begin
-- (searchclassifier), what resources are called (search-classifier-prod). A registered name leads, then the
-- one whose words can be read (contract-risk before contractrisk; what is left of contract-risk-v4 tells
-- that too), then the one with most behind it.
WITH glued AS (
    SELECT dimension, compact FROM names_seen WHERE NOT contains(name, '-') AND length(name) >= 8
),

called AS (
    SELECT DISTINCT string_split(normal_form(name), '-') AS words
    FROM resource_history
    WHERE contains(normal_form(name), '-')
),

run AS (
    SELECT DISTINCT array_to_string(list_slice(words, first, last), '-') AS form,
        array_to_string(list_slice(words, first, last), '') AS compact
    FROM called, range(1, len(words)) AS firsts (first), range(2, len(words) + 1) AS lasts (last)
    WHERE last > first AND last < first + 6
),

form AS (
    SELECT dimension, compact, name AS form, registered, effective_cost, resources FROM names_seen
    UNION ALL
    SELECT stem.dimension, stem.compact, stem.stem, false, 0, 0
    FROM name_stems AS stem
    SEMI JOIN names_seen AS seen ON seen.dimension = stem.dimension AND seen.compact = stem.compact
    UNION ALL
    SELECT dimension, compact, form, false, 0, 0
    FROM glued
    JOIN run USING (compact)
),

readable AS (
    SELECT form, count(english.word) / count(*) AS share
    FROM (
        SELECT form, unnest(string_split(form, '-')) AS word
        FROM (
            SELECT DISTINCT form FROM form
        )
    )
    LEFT JOIN english USING (word)
    GROUP BY form
)

SELECT dimension, compact, arg_max(form, (registered, share, effective_cost, resources, form)) AS leader
FROM form
JOIN readable USING (form)
GROUP BY dimension, compact
