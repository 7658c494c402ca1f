-- Each billed cell (a day of one thing, usage type and operation) × dimension × value: the share of its dollars that
-- should have the value (`told`), and the share that got it (`given`).
--
-- Reads `truth` (README.md), `attributed` (attributed_costs) and the variable `names` (`dimension spelling` → name).
-- `joint` is model, team and environment together. `open` is the share that is not ML or that anybody may have ('*');
-- `says_less` marks a value that is none, or, of all three, that leaves out what is so and says nothing that is not.
WITH part AS (
    SELECT 'told' AS side, cell_of(truth) AS cell, is_ml, effective_cost AS cost,
        [named('model', model), named('team', team), named('environment', environment)] AS owner
    FROM truth
    UNION ALL
    SELECT 'given', cell_of(attributed), NULL, effective_cost,
        [named('model', model), named('team', team), named('environment', environment)]
    FROM attributed
),

-- Of what credits bring to nothing there is no share.
whole AS (
    SELECT cell, sum(cost) FILTER (side = 'told') AS told, sum(cost) FILTER (side = 'given') AS given,
        CAST(sum(cost) FILTER (is_ml) / told AS DOUBLE) AS ml
    FROM part
    GROUP BY cell
    HAVING bool_or(is_ml) AND told <> 0
),

valued AS (
    SELECT side, cell, is_ml, CAST(cost / CASE side WHEN 'told' THEN told ELSE given END AS DOUBLE) AS share,
        unnest(['model', 'team', 'environment', 'joint']) AS dimension,
        unnest([
            owner[1], owner[2], owner[3],
            CASE
                WHEN '*' IN owner THEN '*'
                WHEN owner <> ['', '', ''] THEN array_to_string(owner, '|')
                ELSE '' END
        ]) AS value
    FROM part
    JOIN whole USING (cell)
    WHERE side = 'told' OR given <> 0
),

told AS (
    SELECT cell, dimension, value, sum(share) AS share
    FROM valued
    WHERE side = 'told' AND is_ml AND value <> '*'
    GROUP BY ALL
),

given AS (
    SELECT cell, dimension, value, sum(share) AS share FROM valued WHERE side = 'given' GROUP BY ALL
),

not_scored AS (
    SELECT cell, dimension, sum(share) AS share
    FROM valued
    WHERE side = 'told' AND NOT (is_ml AND value <> '*')
    GROUP BY ALL
),

-- Of all three together: what is given and leaves out what is so, and says nothing that is not.
leaves_out AS (
    SELECT DISTINCT cell, dimension, given.value
    FROM given
    JOIN told USING (cell, dimension)
    WHERE dimension = 'joint' AND given.value <> told.value
        AND split_part(given.value, '|', 1) IN ('', split_part(told.value, '|', 1))
        AND split_part(given.value, '|', 2) IN ('', split_part(told.value, '|', 2))
        AND split_part(given.value, '|', 3) IN ('', split_part(told.value, '|', 3))
)

SELECT cell, dimension, value, CAST(abs(whole.told) AS DOUBLE) AS size, whole.ml, coalesce(told.share, 0) AS told,
    coalesce(given.share, 0) AS given, coalesce(not_scored.share, 0) AS open,
    value = '' OR (told.share IS NULL AND leaves_out.cell IS NOT NULL) AS says_less
FROM told
FULL JOIN given USING (cell, dimension, value)
LEFT JOIN leaves_out USING (cell, dimension, value)
LEFT JOIN not_scored USING (cell, dimension)
JOIN whole USING (cell)
