-- Names → the known names among their words. Reads the temporary table names_carried.
WITH split AS (
    SELECT normal, string_split(normal, '-') AS words
    FROM (
        SELECT DISTINCT normal FROM names_carried
    )
),

run AS (
    SELECT normal, words, first, last, array_to_string(list_slice(words, first, last), '') AS run
    FROM split, range(1, len(words) + 1) AS firsts (first), range(1, len(words) + 1) AS lasts (last)
    WHERE last >= first AND last < first + 8
)

SELECT DISTINCT normal, run,
    len(
        list_filter(
            list_concat(list_slice(words, 1, first - 1), list_slice(words, last + 1, len(words))),
            lambda word: NOT is_ordinary(word)
        )
    ) = 0 AS rest_is_ordinary
FROM run
WHERE run IN (SELECT compact FROM name_dictionary)
