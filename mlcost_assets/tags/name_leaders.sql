-- Of the names of the same letters, which differ in where their words are joined, the one that leads.
--
-- Reads names_seen, name_stems and english. A registered name leads, then the one whose words can be read (contract-risk before
-- contractrisk; what is left of contract-risk-v4 tells that too), then the one with most behind it.
WITH form AS (
    SELECT dimension, compact, name AS form, registered, effective_cost, resources FROM names_seen
    UNION ALL
    SELECT stem.dimension, stem.compact, stem.stem, false, 0, 0
    FROM name_stems AS stem
    SEMI JOIN names_seen AS seen ON seen.dimension = stem.dimension AND seen.compact = stem.compact
),

readable AS (
    SELECT form, count(english.word) / count(*) AS share
    FROM (SELECT form, unnest(string_split(form, '-')) AS word FROM (SELECT DISTINCT form FROM form))
    LEFT JOIN english USING (word)
    GROUP BY form
)

SELECT dimension, compact, arg_max(form, (registered, share, effective_cost, resources, form)) AS leader
FROM form JOIN readable USING (form)
GROUP BY dimension, compact
