-- What is worth a look in the loaded drops, one sentence a finding. `days` are those of usage: between them none may be
-- missing, nor at the beginning where the month before was loaded, nor at the end where the month is final.
WITH standing AS (
    SELECT drop_totals.*, export_name || ' ' || billing_period AS what,
        CAST(billing_period || '-01' AS DATE) AS first_day,
        last_day(CAST(billing_period || '-01' AS DATE)) AS last_day
    FROM drop_totals
    JOIN billing_drops USING (export_name, billing_period, drop_id)
    WHERE state = 'loaded'
),

used AS (
    SELECT what, export_name, first_day, last_day, bool_and(is_final) AS is_final, list(day) AS days
    FROM (
        SELECT what, export_name, first_day, last_day, is_final, unnest(days) AS day FROM standing
    )
    WHERE day BETWEEN first_day AND last_day
    GROUP BY what, export_name, first_day, last_day
),

idle AS (
    SELECT what, day
    FROM (
        SELECT used.*, unnest(CAST(generate_series(
            CASE WHEN earlier.what IS NULL THEN list_min(used.days) ELSE used.first_day END,
            CASE WHEN used.is_final THEN used.last_day ELSE list_max(used.days) END,
            INTERVAL 1 DAY
        ) AS DATE[])) AS day
        FROM used
        LEFT JOIN used AS earlier ON earlier.export_name = used.export_name
            AND earlier.first_day = CAST(used.first_day - INTERVAL 1 MONTH AS DATE)
    )
    WHERE NOT list_contains(days, day)
),

-- Days on end, as one stretch.
stretch AS (
    SELECT what, min(day) AS first, max(day) AS last
    FROM (
        SELECT what, day,
            CAST(day - INTERVAL 1 DAY * row_number() OVER (PARTITION BY what ORDER BY day) AS DATE) AS stretch
        FROM idle
    )
    GROUP BY what, stretch
),

committed AS (
    SELECT what, billing_currency, is_final, 'reservations' AS commitments, reservations_amortized_cost AS amortized,
        reservations_committed_cost AS committed
    FROM standing
    UNION ALL
    SELECT what, billing_currency, is_final, 'savings plans', savings_plans_amortized_cost, savings_plans_committed_cost
    FROM standing
),

finding AS (
    SELECT 'currencies' AS finding,
        what || ' is in ' || string_agg(billing_currency, ' and ' ORDER BY billing_currency) AS text
    -- charges of other providers stand in no total
    FROM standing WHERE rows > quarantined_rows GROUP BY what HAVING count(billing_currency) > 1
    UNION ALL
    SELECT 'types', what || ' has ' || count || ' rows of type ' || type
    FROM (
        SELECT what, unnest(map_keys(unknown_types)) AS type, unnest(map_values(unknown_types)) AS count FROM standing
    )
    UNION ALL
    SELECT 'duplicates', what || ': ' || sum(duplicate_rows) || ' rows carry the line-item id and time of another row'
    FROM standing GROUP BY what HAVING sum(duplicate_rows) > 0
    UNION ALL
    SELECT 'tags',
        export_name || ' ' || billing_period || ': ' || unread_tags
            || ' values of tag columns cannot be read as tags; billing_drops.notes names the columns'
    FROM billing_drops WHERE state = 'loaded' AND unread_tags > 0
    UNION ALL
    SELECT 'days',
        what || ' has no usage on '
            || string_agg(first || CASE WHEN last > first THEN ' to ' || last ELSE '' END, ', ' ORDER BY first)
    FROM stretch GROUP BY what
    UNION ALL
    SELECT 'unnamed',
        format(
            '{}: {:.0f} % of the usage cost ({:.2f} {}) names no resource; let the export include resource ids', what,
            100.0 * unnamed_cost / usage_cost, CAST(unnamed_cost AS DOUBLE), billing_currency
        )
    FROM standing WHERE unnamed_cost > usage_cost * $most_unnamed
    UNION ALL
    -- AWS rounds each amortised amount to eight decimals, so the two sides of a real bill differ a little.
    SELECT 'amortisation',
        format(
            '{}: {} amortise to {:.2f}, what was paid for them in the month to {:.2f} {}', what, commitments,
            CAST(amortized AS DOUBLE), CAST(committed AS DOUBLE), billing_currency
        )
    FROM committed
    WHERE is_final AND abs(amortized - committed) > greatest(0.01, abs(committed) * 0.0001)
)

SELECT finding, text FROM finding ORDER BY ALL
