-- Right, wrong and unknown dollars of each dimension, and of all three together. Reads the table `judged`.
--
-- right and unknown are shares of the dollars that have an owner; wrong is a share of all ML dollars. Where a part of a
-- cell is anybody's, as much of what is wrong is forgiven.
WITH cell AS (
    SELECT dimension, cell, any_value(size) AS size, any_value(ml) AS ml,
        coalesce(sum(told) FILTER (value <> ''), 0) AS owned,
        coalesce(sum(least(told, given)) FILTER (value <> ''), 0) AS is_right,
        greatest(coalesce(sum(greatest(given - told, 0)) FILTER (NOT says_less), 0) - any_value(open), 0) AS wrong
    FROM judged
    GROUP BY ALL
)

SELECT dimension, sum(owned * size) AS owned, sum(is_right * size) / nullif(sum(owned * size), 0) AS is_right,
    sum(wrong * size) / sum(ml * size) AS wrong,
    sum(greatest(owned - is_right - wrong, 0) * size) / nullif(sum(owned * size), 0) AS unknown
FROM cell
GROUP BY dimension
ORDER BY list_position(['model', 'team', 'environment', 'joint'], dimension)
