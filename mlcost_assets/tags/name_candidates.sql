-- Pairs of names that may be one: `name` and the stronger `other`, found by what they share rather than by comparing all.
--
-- Reads names_seen, name_stems and name_parents. Names are compared as they are and without their changing parts. A slip of the
-- fingers leaves the beginning or the end alone (longer ones of longer names); short forms and other orders keep the outline.
WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY dimension ORDER BY registered DESC, known DESC, effective_cost DESC, resources DESC, name) AS rank FROM names_seen
),

form AS (
    SELECT dimension, name, false AS shortened, name AS form, compact FROM names_seen
    UNION ALL
    SELECT dimension, name, true, stem, compact FROM name_stems WHERE shortest AND NOT list_contains(parts, 'number')
),

-- Names that nothing has resolved yet, and what they may be: names with more behind them.
open_name AS (
    SELECT dimension, name, rank FROM ranked
    WHERE registered_as IS NULL AND NOT known
        AND NOT EXISTS (FROM name_parents AS parent WHERE parent.dimension = ranked.dimension AND parent.name = ranked.name)
),

blocked AS (
    SELECT *, regexp_replace(form, '[^0-9]', '', 'g') AS digits, unnest(list_concat(
        ['o' || outline(form)],
        CASE WHEN length(compact) <= 8 THEN ['b' || left(compact, 3), 'e' || right(compact, 3)] ELSE [] END,
        CASE WHEN length(compact) BETWEEN 7 AND 11 THEN ['b' || left(compact, 4), 'e' || right(compact, 4)] ELSE [] END,
        CASE WHEN length(compact) >= 10 THEN ['b' || left(compact, 5), 'e' || right(compact, 5)] ELSE [] END)) AS block
    FROM form WHERE length(compact) >= 3
),

pair AS (
    SELECT DISTINCT mine.dimension, mine.name, theirs.name AS other, mine.form, theirs.form AS other_form
    FROM open_name
    JOIN blocked AS mine ON mine.dimension = open_name.dimension AND mine.name = open_name.name
    JOIN blocked AS theirs ON theirs.dimension = mine.dimension AND theirs.block = mine.block AND theirs.shortened <= mine.shortened
    JOIN ranked AS anchor ON anchor.dimension = theirs.dimension AND anchor.name = theirs.name
    WHERE anchor.rank < open_name.rank AND theirs.compact <> mine.compact AND theirs.digits = mine.digits
        AND (left(mine.block, 1) = 'o' OR damerau_levenshtein(theirs.compact, mine.compact) <= 2)
)

FROM pair
