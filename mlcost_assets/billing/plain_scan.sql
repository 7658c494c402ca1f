-- What the files of a drop hold by currency, told without the mapping: rows, the exact sum of the exported cost (split-cost
-- rows tell money again and do not count), how many costs have more than the ten decimals AWS prints, and how many rows
-- have the line-item id and time interval of another (NULL where the format has no ids).
SELECT
    coalesce(row_currency, '') AS billing_currency,
    count(*) AS rows,
    coalesce(sum(exact) FILTER (NOT is_split_cost), 0) AS exported,
    count(*) FILTER (CASE WHEN short IS NULL THEN exact <> CAST(exact AS DECIMAL(28,10)) ELSE false END) AS long_values,
    CASE WHEN count(row_identity) > 0 THEN count(row_identity) - count(DISTINCT row_identity) END AS duplicate_rows
FROM (
    SELECT *, coalesce(CAST(short AS DECIMAL(38,20)), TRY_CAST(text AS DECIMAL(38,20))) AS exact
    FROM (
        -- Nearly all are plain numbers of at most ten decimals: these fit into a machine word, which is read many times faster.
        SELECT *, CASE WHEN length(text) - strpos(text, '.') <= 10 AND NOT contains(lower(text), 'e') THEN TRY_CAST(text AS DECIMAL(18,10)) END AS short
        FROM (
            SELECT row_currency, row_identity, is_split_cost, CASE WHEN $net THEN coalesce(raw_net_cost, raw_cost) ELSE raw_cost END AS text
            FROM exported_rows
        )
    )
)
GROUP BY 1
