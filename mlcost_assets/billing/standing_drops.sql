-- What is wrong with the newest drop of each export and period, one sentence a problem; sums only of $periods.
WITH newest AS (
    SELECT * FROM billing_drops
    QUALIFY row_number() OVER (
        PARTITION BY export_name, billing_period ORDER BY entry_no DESC NULLS LAST, seen_at DESC, drop_id
    ) = 1
),

written AS (
    SELECT export_name, billing_period, billing_currency, sum(billed_cost) FILTER (NOT is_split_cost) AS billed_cost
    FROM line_items
    SEMI JOIN drop_totals USING (export_name, billing_period)
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
),

problem AS (
    SELECT 'unusable' AS problem,
        newest.export_name || ' ' || newest.billing_period || ' is ' || newest.state || ': '
            || coalesce(newest.reason, '')
            || coalesce(
                ' (it keeps the drop of ' || strftime(good.delivered_at, '%Y-%m-%d %H:%M') || ')',
                ' (nothing of it is loaded)'
            ) AS text
    FROM newest
    LEFT JOIN (
        FROM billing_drops WHERE state = 'loaded'
    ) AS good USING (export_name, billing_period)
    WHERE newest.state IN ('waiting', 'rejected', 'unreachable', 'lost')
    UNION ALL
    SELECT 'shadowed', export_name || ' ' || billing_period || ' does not count: ' || reason
    FROM newest WHERE state = 'shadowed'
    UNION ALL
    SELECT 'off',
        export_name || ' ' || billing_period || ' holds ' || coalesce(written.billed_cost, 0) || ', its files '
            || coalesce(told.billed_cost, 0) || coalesce(' ' || billing_currency, '')
    FROM (
        FROM drop_totals WHERE list_contains($periods, billing_period)
    ) AS told
    FULL JOIN written USING (export_name, billing_period, billing_currency)
    WHERE coalesce(written.billed_cost, 0) <> coalesce(told.billed_cost, 0)
    UNION ALL
    SELECT 'set_aside',
        export_name || ' ' || billing_period || ': ' || (quarantined_rows - coalesce(other_provider_rows, 0)) || ' rows'
            || coalesce(
            ', ' || CASE WHEN coalesce(other_provider_rows, 0) = 0 THEN quarantined_cost END
                || ' as far as it can be read',
            ''
        ) || '; see quarantined_rows'
    FROM billing_drops WHERE state = 'loaded' AND quarantined_rows > coalesce(other_provider_rows, 0)
    UNION ALL
    SELECT 'stale',
        export_name || ' delivered nothing since ' || strftime(max(delivered_at), '%Y-%m-%d %H:%M') || ' UTC'
    -- who downloads a bill does so now and then
    FROM newest WHERE state NOT IN ('retired', 'lost') AND completeness IS DISTINCT FROM 'unknown'
    GROUP BY export_name
    HAVING max(delivered_at) < now() AT TIME ZONE 'UTC' - INTERVAL 36 HOUR
)

SELECT problem, text FROM problem ORDER BY ALL
