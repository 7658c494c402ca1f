-- Where what was written of a drop and set aside is not what its files hold: a row is missing, or more money than the
-- rounding of values with more than ten decimals can have taken, at most half a quantum each.
SELECT
    CASE
        WHEN told.rows <> held.rows THEN format(
            '{} rows were read, but {} written and {} set aside', held.rows, told.rows - quarantined_rows,
            quarantined_rows
        )
        ELSE format('the files hold {}, but {} was written and {} set aside', exported, billed_cost, quarantined_cost)
    END || CASE WHEN currency <> '' THEN ' in ' || currency ELSE '' END AS reason
FROM (
    SELECT *, coalesce(billing_currency, '') AS currency
    FROM drop_totals
    WHERE export_name = $export_name AND billing_period = $billing_period
) AS told
FULL JOIN (
    SELECT billing_currency AS currency, rows, exported, long_values FROM scanned
) AS held USING (currency)
WHERE told.rows IS DISTINCT FROM held.rows OR abs(rounding) > long_values * 0.00000000005
ORDER BY currency
