-- The monthly fee of each reservation, with the part of it that nothing used.
INSERT INTO rows BY NAME
WITH month_use AS (
    SELECT fee.line, sum(rows.quantity)::BIGINT AS quantity
    FROM lines AS fee
    JOIN lines AS usage ON usage.covered_by = fee.covered_by AND usage.kind_of_cover = 'reservation'
    JOIN rows ON rows.line = usage.line AND rows.begins >= fee.begins AND rows.begins < fee.ends
    WHERE fee.line_item_type = 'RIFee'
    GROUP BY fee.line
)
SELECT
    fee.line,
    fee.begins,
    fee.ends - 1 AS ends,
    fee.quantity,
    (fee.quantity::HUGEINT * fee.rate // 10000000000)::BIGINT AS unblended,
    0 AS public,
    ((fee.quantity - used.quantity)::HUGEINT * fee.covered_rate // 10000000000)::BIGINT AS effective,
    fee.quantity - used.quantity AS unused_quantity,
    ((fee.quantity - used.quantity)::HUGEINT * fee.rate // 10000000000)::BIGINT AS unused_recurring,
    ((fee.quantity - used.quantity)::HUGEINT * (fee.covered_rate - fee.rate) // 10000000000)::BIGINT AS unused_upfront
FROM lines AS fee
JOIN month_use AS used USING (line);
