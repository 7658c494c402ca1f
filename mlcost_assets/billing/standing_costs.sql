-- What does not hold of the costs of loaded drops, one sentence a finding: what each charge costs is known, everything
-- counts once, and commitments come to what was paid for them. Drops loaded by earlier versions tell none of it.
WITH standing AS (
    SELECT drop_totals.*, format, export_name || ' ' || billing_period AS what
    FROM drop_totals
    JOIN billing_drops USING (export_name, billing_period, drop_id)
    WHERE state = 'loaded'
),

typed AS (
    SELECT what, billing_currency, format, type,
        coalesce(exported_by_type[type], 0) AS exported,
        coalesce(billed_by_type[type], 0) AS billed,
        coalesce(effective_by_type[type], 0) AS effective
    FROM (
        SELECT *, unnest(list_distinct(map_keys(exported_by_type) || map_keys(billed_by_type))) AS type
        FROM standing
        WHERE quarantined_rows = 0
    )
),

-- Each commitment over all months that are loaded; the last of them where it has charges.
life AS (
    SELECT export_name, billing_currency, commitment,
        sum(billed) AS billed, sum(effective) AS effective, max(billing_period) AS last_month
    FROM (
        SELECT export_name, billing_currency, billing_period, unnest(map_keys(commitments_billed)) AS commitment,
            unnest(map_values(commitments_billed)) AS billed, unnest(map_values(commitments_effective)) AS effective
        FROM standing
    )
    GROUP BY ALL
),

bought AS (
    SELECT DISTINCT export_name, unnest(commitments_bought) AS commitment FROM standing
),

finding AS (
    SELECT 'untold' AS finding,
        format(
            '{}: {} is missing or empty, so {:.2f} {} of effective cost is what was billed or is left over; {}', what,
            unnest(map_keys(lacking_columns)), CAST(unnest(map_values(lacking_columns)) AS DOUBLE), billing_currency,
            CASE format
                WHEN 'cur' THEN 'another tool took it out of the report'
                ELSE 'add it to the SELECT of the data export''s query' END
        ) AS text
    FROM standing
    UNION ALL
    SELECT 'currency',
        format('{}: {} rows name no currency (line_item_currency_code) and are taken as {}', what,
            rows_without_currency, billing_currency)
    FROM standing WHERE rows_without_currency > 0
    UNION ALL
    SELECT 'unpriced', format('{}: {} charges have no effective, list or contracted cost', what, sum(unpriced_rows))
    FROM standing GROUP BY what HAVING sum(unpriced_rows) > 0
    UNION ALL
    SELECT 'moved',
        what || ': rows of type ' || type || ' hold ' || exported || ' ' || billing_currency || ', billed is ' || billed
    FROM typed WHERE exported <> billed
    UNION ALL
    -- What has nothing to do with a commitment costs what the files say; of refunds, upfront fees count for nothing.
    SELECT 'counted',
        what || ': rows of type ' || type || ' hold ' || exported || ' ' || billing_currency || ', effective is '
            || effective
    FROM typed
    WHERE format <> 'focus' AND type NOT LIKE 'SavingsPlan%' AND type NOT IN ('DiscountedUsage', 'RIFee', 'Fee')
        AND CASE WHEN type LIKE '%Refund' THEN effective < exported ELSE effective <> exported END
    UNION ALL
    SELECT 'above',
        format(
            '{}: usage costs effectively {:.2f} {} more than its list price, mostly of type {}', what,
            CAST(list_sum(map_values(above_list_by_type)) AS DOUBLE), billing_currency,
            list_max(list_transform(map_entries(above_list_by_type), lambda e: {'v': e.value, 'k': e.key})).k
        )
    FROM standing
    WHERE list_sum(map_values(above_list_by_type)) > greatest(1, usage_cost / 100)
    UNION ALL
    SELECT 'discounts',
        format(
            '{}: discounts by name come to {:.2f} {}, net costs leave out {:.2f}', what,
            abs(CAST(discounts AS DOUBLE)), billing_currency, abs(CAST(discounts_left_out AS DOUBLE))
        )
    FROM standing
    WHERE abs(abs(discounts) - abs(discounts_left_out)) > greatest(0.01, abs(discounts) / 100)
    UNION ALL
    -- More than was paid never is effective; less is not, once a whole month after it has nothing of it.
    SELECT 'lives',
        format(
            '{}: {} was paid {:.2f} {} and is effectively {:.2f}{}', export_name, commitment, CAST(billed AS DOUBLE),
            billing_currency, CAST(effective AS DOUBLE), CASE WHEN effective < billed THEN ' over its life' ELSE '' END
        )
    FROM life
    JOIN bought USING (export_name, commitment)
    WHERE effective - billed > greatest(0.01, billed / 10000)
        OR billed - effective > greatest(0.01, billed / 10000) AND EXISTS (
            FROM standing
            WHERE standing.export_name = life.export_name AND is_final AND billing_period > last_month
        ) AND NOT EXISTS (
            FROM life AS nameless WHERE nameless.export_name = life.export_name AND nameless.commitment = ''
        )
)

SELECT finding, text FROM finding ORDER BY ALL
