-- What a drop holds, by currency: what the plain scan of its files told (`scanned`),
-- beside what was written of it and set aside.
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
            AND NOT is_split_cost AS is_use
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
        histogram(x_line_item_type) FILTER (x_line_item_type NOT IN (
            'Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee',
            'SavingsPlanUpfrontFee', 'RIFee', 'Fee',
            'FlatRateSubscription', 'Tax', 'Credit', 'Refund', 'BundledDiscount', 'EdpDiscount', 'PrivateRateDiscount',
            'RiVolumeDiscount', 'Discount'
        )) AS unknown_types,
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
    ) AS savings_plans_committed_cost
FROM scanned
FULL JOIN written USING (billing_currency)
FULL JOIN set_aside USING (billing_currency)
