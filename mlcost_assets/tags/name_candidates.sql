-- Pairs of names that may be one: `name` and the stronger `other`, found by
-- what they share rather than by comparing all.
--
-- Reads name_roots and name_stems. Names are compared as they are and without their changing parts. Of several words a
-- slip of the fingers leaves all but one alone, and the first letter of that; where words are run together it leaves
-- the first or the second half; short forms and other orders keep the outline.
WITH ranked AS (
    SELECT *,
        row_number() OVER (
            PARTITION BY dimension ORDER BY registered DESC, known DESC, resources DESC, effective_cost DESC, name
        ) AS rank
    FROM name_roots
),

form AS (
    SELECT dimension, name, rank, registered, registered_as IS NULL AND NOT known AS open, false AS shortened,
        name AS form, compact
    FROM ranked
    UNION ALL
    SELECT dimension, name, rank, registered, registered_as IS NULL AND NOT known, true, stem.stem, stem.compact
    FROM ranked
    JOIN name_stems AS stem USING (dimension, name)
    WHERE stem.shortest AND NOT list_contains(stem.parts, 'number')
),

worded AS (
    SELECT *, regexp_replace(form, '[^0-9]', '', 'g') AS digits, string_split(form, '-') AS words,
        length(compact) // 2 AS half
    FROM form WHERE length(compact) >= 3
),

blocked AS (
    SELECT *, unnest(list_concat(
        [
            'o' || outline(form), 'b' || left(compact, half), 'b' || left(compact, half - 1),
            'e' || right(compact, half), 'e' || right(compact, half - 1)
        ],
        CASE
            WHEN len(words) > 1 THEN list_transform(
                range(1, len(words) + 1),
                lambda i: 'w' || left(words[i], 1) || i
                    || array_to_string(list_concat(words[:i - 1], words[i + 1:]), '-')
            )
            ELSE [] END
    )) AS block
    FROM worded
)

SELECT DISTINCT mine.dimension, mine.name, theirs.name AS other, mine.form, theirs.form AS other_form,
    theirs.registered AS other_registered
FROM blocked AS mine
JOIN blocked AS theirs ON theirs.dimension = mine.dimension AND theirs.block = mine.block
    AND theirs.digits = mine.digits
WHERE mine.open AND theirs.rank < mine.rank AND theirs.shortened <= mine.shortened AND theirs.compact <> mine.compact
    AND CASE WHEN left(mine.block, 1) = 'o' THEN true
        WHEN left(mine.block, 1) <> 'w' AND len(mine.words) > 1 AND len(mine.words) = len(theirs.words) THEN false
        WHEN abs(length(theirs.compact) - length(mine.compact)) > 2 THEN false
        ELSE damerau_levenshtein(theirs.compact, mine.compact) <= 2 END
