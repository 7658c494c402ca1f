-- What the files of a drop hold, told without the mapping: rows, the exact sum of the exported cost (split-cost
-- rows tell money again and do not count), and how many costs have more than the ten decimals AWS prints.
SELECT
    count(*) AS rows,
    coalesce(sum(exact) FILTER (NOT is_split_cost), 0) AS exported,
    count(*) FILTER (exact <> CAST(exact AS DECIMAL(28,10))) AS long_values
FROM (
    SELECT is_split_cost,
        TRY_CAST(CASE WHEN $net THEN coalesce(raw_net_cost, raw_cost) ELSE raw_cost END AS DECIMAL(38,20)) AS exact
    FROM exported_rows
)
