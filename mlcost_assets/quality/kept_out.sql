-- Rows of the loaded bills of $periods that were set aside as charges of other providers ($reason), with their sum.
SELECT rows.billing_period, coalesce(rows.billing_currency, '') AS currency, count(*) AS set_aside,
    sum(rows.billed_cost) AS billed
FROM quarantined_rows AS rows
JOIN billing_drops USING (export_name, billing_period, drop_id)
WHERE state = 'loaded' AND list_contains($periods, rows.billing_period) AND starts_with(rows.reason, $reason)
GROUP BY ALL
ORDER BY ALL
