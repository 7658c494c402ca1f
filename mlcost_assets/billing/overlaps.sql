-- Which two plain files of a month tell charges that are alike, the most first: how many, of how
-- many of the smaller one, and whether line-item ids say so. Of files in which a charge stands
-- three times, the first and the last are named.
WITH told AS (
    SELECT x_source_file AS file, likeness, row_identity IS NOT NULL AS has_id
    FROM charge_likeness
    WHERE reject_reason IS NULL
),

counted AS (SELECT file, count(DISTINCT likeness) AS charges FROM told GROUP BY 1),

shared AS (
    SELECT min(file) AS first, max(file) AS second, bool_and(has_id) AS by_id
    FROM told GROUP BY likeness HAVING min(file) <> max(file)
)

SELECT first, second, bool_and(by_id) AS by_id, count(*) AS charges, least(one.charges, other.charges) AS of_charges
FROM shared
JOIN counted AS one ON one.file = first
JOIN counted AS other ON other.file = second
GROUP BY ALL
ORDER BY charges DESC, first, second
