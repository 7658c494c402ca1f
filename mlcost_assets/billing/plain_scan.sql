-- What the files of a drop hold by currency, told without the mapping: rows, the exact sum of the exported cost
-- (split-cost rows tell money again and do not count), how many costs have more than the ten decimals AWS prints, and
-- how many rows have the line-item id and time interval of another (NULL where the format has no ids).
SELECT
    coalesce(row_currency, '') AS billing_currency,
    count(*) AS rows,
    coalesce(sum(short) FILTER (NOT is_split_cost), 0) + coalesce(sum(long) FILTER (NOT is_split_cost), 0) AS exported,
    count(*) FILTER (long <> CAST(long AS DECIMAL(28,10))) AS long_values,
    CASE WHEN count(row_identity) > 0 THEN count(row_identity) - count(DISTINCT row_identity) END AS duplicate_rows
FROM (
    SELECT *, CASE WHEN short IS NULL THEN TRY_CAST(text AS DECIMAL(38,20)) END AS long
    FROM (
        -- Nearly all are plain numbers of at most ten decimals: these fit into a machine
        -- word, which is read many times faster.
        SELECT *,
            CASE WHEN strlen(text) - strpos(text, '.') <= 10 AND NOT contains(text, 'e') AND NOT contains(text, 'E')
                 THEN TRY_CAST(text AS DECIMAL(18,10)) END AS short
        FROM (
            SELECT row_currency, row_identity, is_split_cost,
                CASE WHEN $net THEN exported_net_cost ELSE raw_cost END AS text
            FROM exported_rows
        )
    )
)
GROUP BY 1
