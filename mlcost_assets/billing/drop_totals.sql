-- What a drop holds, by currency: what plain scans of its files told (`scanned`, by type `told_types`), beside what was
-- written of it and set aside.
WITH charge AS (
    SELECT *,
        coalesce(
            x_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee') AND charge_category = 'Usage', false
        ) AS is_unused_part,
        coalesce(
            x_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee') AND charge_category = 'Purchase', false
        ) AS is_fee,
        charge_category = 'Usage' AND commitment_discount_category = 'Usage' AND NOT is_split_cost AS is_reserved,
        charge_category = 'Usage' AND commitment_discount_category = 'Spend' AND NOT is_split_cost AS is_planned,
        charge_frequency = 'Usage-Based' AND commitment_discount_status IS DISTINCT FROM 'Unused'
            AND NOT is_unused_part AND NOT is_split_cost AS is_use
    FROM line_items
    WHERE export_name = $export_name AND billing_period = $billing_period
),

-- A fee that became two charges is one exported row.
written AS (
    SELECT
        billing_currency,
        count(*) FILTER (NOT is_unused_part) AS rows,
        coalesce(sum(billed_cost) FILTER (NOT is_split_cost), 0) AS billed_cost,
        sum(effective_cost) FILTER (NOT is_split_cost) AS effective_cost,
        bool_and(invoice_id IS NOT NULL) FILTER (billed_cost <> 0) AS is_final,
        histogram(x_line_item_type) FILTER (line_item_kind(x_line_item_type) NOT IN (
            'Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee',
            'SavingsPlanUpfrontFee', 'RIFee', 'Fee', 'FlatRateSubscription', 'Tax', 'Credit', 'Refund', 'Discount'
        )) AS unknown_types,
        count(*) FILTER (
            NOT is_split_cost AND (effective_cost IS NULL OR list_cost IS NULL OR contracted_cost IS NULL)
        ) AS unpriced_rows,
        list(DISTINCT {
            'first': CAST(charge_period_start AS DATE),
            'last': CAST(greatest(charge_period_start, charge_period_end - INTERVAL 1 SECOND) AS DATE)
        }) FILTER (is_use) AS spans,
        sum(effective_cost) FILTER (is_use AND effective_cost > 0) AS usage_cost,
        sum(effective_cost) FILTER (is_use AND effective_cost > 0 AND coalesce(resource_id, '') = '') AS unnamed_cost,
        -- What was amortised is known where every part of it is told.
        sum(effective_cost) FILTER (is_reserved) AS reservations_amortized_cost,
        sum(
            billed_cost + coalesce(x_amortized_upfront_cost, 0)
        ) FILTER (is_fee AND commitment_discount_category = 'Usage') AS reservations_committed_cost,
        sum(effective_cost) FILTER (is_planned) AS savings_plans_amortized_cost,
        sum(
            billed_cost + coalesce(x_amortized_upfront_cost, 0)
        ) FILTER (is_fee AND commitment_discount_category = 'Spend') AS savings_plans_committed_cost,
        coalesce(bool_and(effective_cost IS NOT NULL) FILTER (is_reserved), false)
            AND count(x_amortized_upfront_cost) FILTER (
                is_fee AND commitment_discount_category = 'Usage'
            ) > 0 AS reservations_are_told,
        coalesce(bool_and(effective_cost IS NOT NULL) FILTER (is_planned), false)
            AND count(x_amortized_upfront_cost) FILTER (
                is_fee AND commitment_discount_category = 'Spend'
            ) > 0 AS savings_plans_are_told
    FROM charge
    GROUP BY 1
),

-- A plan's covered usage and its negation are billed together.
by_type AS (
    SELECT billing_currency,
        map_from_entries(list({'k': type, 'v': billed_cost} ORDER BY type)) AS billed_by_type,
        map_from_entries(list({'k': type, 'v': effective_cost} ORDER BY type)) AS effective_by_type,
        map_from_entries(list({'k': type, 'v': above_list} ORDER BY type) FILTER (above_list > 0)) AS above_list_by_type
    FROM (
        SELECT billing_currency,
            replace(coalesce(x_line_item_type, charge_category), 'Negation', 'CoveredUsage') AS type,
            CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
            CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
            CAST(
                sum(effective_cost - list_cost) FILTER (is_use AND effective_cost > greatest(list_cost, 0))
                AS DECIMAL(28,10)
            ) AS above_list
        FROM charge
        WHERE NOT is_split_cost
        GROUP BY ALL
    )
    GROUP BY 1
),

told_by_type AS (
    SELECT billing_currency,
        map_from_entries(list({'k': type, 'v': exported} ORDER BY type)) AS exported_by_type,
        sum(rows_without_currency) AS rows_without_currency,
        CAST(sum(discounts) AS DECIMAL(28,10)) AS discounts,
        CAST(sum(left_out) AS DECIMAL(28,10)) AS discounts_left_out
    FROM (
        SELECT billing_currency,
            replace(type, 'Negation', 'CoveredUsage') AS type,
            CAST(sum(CASE WHEN $net THEN net_cost ELSE gross END) AS DECIMAL(28,10)) AS exported,
            sum(rows_without_currency) AS rows_without_currency,
            sum(discounts) AS discounts,
            sum(left_out) AS left_out
        FROM told_types
        GROUP BY ALL
    )
    GROUP BY 1
),

-- Of each commitment, what was billed and what is effective; '' are fees that came back and do not say of which.
by_commitment AS (
    SELECT billing_currency,
        map_from_entries(list({'k': commitment, 'v': billed_cost} ORDER BY commitment)) AS commitments_billed,
        map_from_entries(list({'k': commitment, 'v': effective_cost} ORDER BY commitment)) AS commitments_effective,
        list(commitment ORDER BY commitment) FILTER (is_bought) AS commitments_bought
    FROM (
        SELECT billing_currency, coalesce(commitment_discount_id, '') AS commitment,
            CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
            CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
            bool_or(charge_category = 'Purchase' AND charge_frequency = 'One-Time' AND billed_cost > 0) AS is_bought
        FROM charge
        WHERE NOT is_split_cost AND (
            commitment_discount_id IS NOT NULL
            OR charge_category = 'Purchase' AND x_line_item_type LIKE '%Refund' AND effective_cost <> billed_cost
        )
        GROUP BY ALL
    )
    GROUP BY 1
),

lacking AS (
    SELECT billing_currency,
        map_from_entries(list({'k': x_lacking_column, 'v': cost} ORDER BY x_lacking_column)) AS lacking_columns
    FROM (
        SELECT billing_currency, x_lacking_column, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost
        FROM charge
        WHERE x_lacking_column IS NOT NULL
        GROUP BY ALL
    )
    GROUP BY 1
),

set_aside AS (
    SELECT coalesce(billing_currency, '') AS billing_currency, count(*) AS rows,
        coalesce(sum(billed_cost), 0) AS billed_cost
    FROM quarantined_rows
    WHERE export_name = $export_name AND billing_period = $billing_period
    GROUP BY 1
)

SELECT
    $export_name AS export_name,
    $billing_period AS billing_period,
    $drop_id AS drop_id,
    nullif(billing_currency, '') AS billing_currency,
    coalesce(written.rows, 0) + coalesce(set_aside.rows, 0) AS rows,
    coalesce(set_aside.rows, 0) AS quarantined_rows,
    CAST(coalesce(written.billed_cost, 0) AS DECIMAL(28,10)) AS billed_cost,
    CAST(coalesce(set_aside.billed_cost, 0) AS DECIMAL(28,10)) AS quarantined_cost,
    CAST(
        coalesce(scanned.exported, 0) - coalesce(written.billed_cost, 0)
            - coalesce(set_aside.billed_cost, 0) AS DECIMAL(38,20)
    ) AS rounding,
    CAST(written.effective_cost AS DECIMAL(28,10)) AS effective_cost,
    is_final,
    duplicate_rows,
    unknown_types,
    CAST(
        list_sort(
            list_distinct(
                flatten(list_transform(spans, lambda span: generate_series(span.first, span.last, INTERVAL 1 DAY)))
            )
        ) AS DATE[]
    ) AS days,
    CAST(coalesce(usage_cost, 0) AS DECIMAL(28,10)) AS usage_cost,
    CAST(coalesce(unnamed_cost, 0) AS DECIMAL(28,10)) AS unnamed_cost,
    CAST(
        CASE WHEN reservations_are_told THEN reservations_amortized_cost END AS DECIMAL(28,10)
    ) AS reservations_amortized_cost,
    CAST(
        CASE WHEN reservations_are_told THEN reservations_committed_cost END AS DECIMAL(28,10)
    ) AS reservations_committed_cost,
    CAST(
        CASE WHEN savings_plans_are_told THEN savings_plans_amortized_cost END AS DECIMAL(28,10)
    ) AS savings_plans_amortized_cost,
    CAST(
        CASE WHEN savings_plans_are_told THEN savings_plans_committed_cost END AS DECIMAL(28,10)
    ) AS savings_plans_committed_cost,
    unpriced_rows,
    rows_without_currency,
    exported_by_type,
    billed_by_type,
    effective_by_type,
    above_list_by_type,
    discounts,
    discounts_left_out,
    lacking_columns,
    commitments_billed,
    commitments_effective,
    commitments_bought
FROM scanned
FULL JOIN written USING (billing_currency)
FULL JOIN set_aside USING (billing_currency)
LEFT JOIN by_type USING (billing_currency)
LEFT JOIN told_by_type USING (billing_currency)
LEFT JOIN by_commitment USING (billing_currency)
LEFT JOIN lacking USING (billing_currency)
