-- The last day of usage in the loaded bill of each of $periods, and whether AWS has
-- finalised it (NULL where nothing costs anything).
SELECT billing_period,
    max(list_max(list_filter(days, lambda day: strftime(day, '%Y-%m') = billing_period))) AS until,
    bool_and(billing_drops.is_final) AS is_final
FROM billing_drops
LEFT JOIN drop_totals USING (export_name, billing_period, drop_id)
WHERE state = 'loaded' AND list_contains($periods, billing_period)
GROUP BY billing_period
