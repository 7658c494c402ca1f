-- Where the published charges (arrow table `charges`, from charges.sql) are not what the files say, read once more
-- without any mapping: by file, resource and day, in rows and in exported cost.
WITH exported_now AS (
    SELECT x_source_file AS file, coalesce({resource}, '') AS resource, CAST({day} AS DATE) AS day, count(*) AS rows,
        CAST(sum(CAST(CAST(raw_cost AS DECIMAL(38,20)) AS DECIMAL(28,10))) AS DECIMAL(28,10)) AS cost
    FROM exported
    GROUP BY ALL
)

SELECT file || ': ' || day || ' ' || resource || ' has ' || coalesce(exported_now.rows, 0) || ' rows of '
    || coalesce(exported_now.cost, 0)
    || ', published are ' || coalesce(charges.rows, 0) || ' of ' || coalesce(charges.cost, 0) AS problem
FROM exported_now
FULL JOIN charges USING (file, resource, day)
WHERE exported_now.rows IS DISTINCT FROM charges.rows OR exported_now.cost IS DISTINCT FROM charges.cost
ORDER BY ALL
