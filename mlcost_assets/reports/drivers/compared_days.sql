-- Which months are compared with the month before, and until which of their days. A month of which AWS has not sent the
-- invoice and whose usage ends early is in progress, and the last day in it may be half a day: both months are compared
-- until the day before. Of several exports the one that is behind decides.
WITH told AS (
    SELECT billing_period, export_name, bool_and(billing_drops.is_final) AS is_final,
        max(list_max(list_filter(days, lambda day: strftime(day, '%Y-%m') = billing_period))) AS until
    FROM billing_drops
    JOIN drop_totals USING (export_name, billing_period, drop_id)
    WHERE billing_drops.state = 'loaded'
    GROUP BY billing_period, export_name
    HAVING sum(drop_totals.rows - drop_totals.quarantined_rows) > 0
),

month AS (
    SELECT billing_period,
        CAST(min(day(until) - 1) FILTER (NOT is_final AND until < last_day(until)) AS INTEGER) AS until_day
    FROM told
    GROUP BY billing_period
)

SELECT month.billing_period, before.billing_period AS period_before,
    least(month.until_day, before.until_day) AS until_day
FROM month
JOIN month AS before ON before.billing_period = month_before(month.billing_period)
