-- Until when each payer's bill is whole, and until when records tell what ran.
--
-- The newest day of a bill may lack charges that AWS tells later, and counts as whole only where the bill of its month
-- is final and the day is the month's last.
WITH day AS (
    SELECT billing_account_id, charge_date, bool_and(coalesce(is_final, false)) AS is_final
    FROM daily_charges
    JOIN billing_drops USING (export_name, billing_period)
    WHERE state = 'loaded' AND charge_category = 'Usage'
    GROUP BY billing_account_id, charge_date
),

bill AS (
    SELECT billing_account_id, min(charge_date) AS first_date,
        max(
            CASE
                WHEN is_final AND charge_date = last_day(charge_date) THEN charge_date + 1
                ELSE charge_date END
        ) AS ends
    FROM day
    GROUP BY billing_account_id
)

SELECT billing_account_id, CAST(ends AS TIMESTAMP) AS billed_until,
    greatest(first_date, ends - 28) AS first_day, ends - greatest(first_date, ends - 28) AS days,
    greatest(
        (SELECT max(finished_at) FROM metadata_looks),
        (SELECT max(last_seen_at) FROM resource_history)
    ) AS as_of
FROM bill
