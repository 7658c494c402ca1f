-- What each commitment of a month cost, how much of it was used, what it saved and how much it could have covered.
--
-- A savings plan or reservation costs what its charges effectively cost (FOCUS: EffectiveCost of Used and Unused). What
-- else names it is a purchase, effective only through these; tax; or a discount in a row of its own, which is left out.
WITH charge AS MATERIALIZED (
    -- Summed first: what a usage type says is read once for each, not for each line.
    SELECT *, instance_family(instance_type, usage_type) AS family, plan_scope(service, usage_type) AS scope,
        -- The usage type of its fee tells kind, term and payment of a plan: SageMakerSP:1yrPartialUpfront.
        CASE WHEN usage_type LIKE '%SP:%Upfront' THEN usage_type END AS offering
    FROM (
        SELECT billing_account_id, billing_currency, commitment_discount_id AS commitment_id,
            commitment_discount_category AS category, commitment_discount_type AS type,
            commitment_status(charge_category, commitment_discount_id, commitment_discount_status) AS status,
            capacity_reservation_id, capacity_reservation_status, charge_category, charge_frequency,
            CASE WHEN resource_id LIKE 'arn:%:sagemaker:%:training-plan/%' THEN resource_id END AS training_plan,
            x_service_code AS service, region_id, x_instance_type AS instance_type, x_usage_type AS usage_type,
            pricing_category IN ('Standard', 'Committed') AS is_eligible,
            x_lacking_column IS NOT NULL AS is_untold,
            effective_cost <> 0 AND list_unit_price IS NULL AND list_cost IN (0, effective_cost) AS is_unpriced,
            min(charge_period_start) AS first, max(charge_period_end) AS last,
            CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
            CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
            CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
            CAST(sum(x_amortized_upfront_cost) AS DECIMAL(28,10)) AS upfront_cost
        FROM line_items
        WHERE billing_period = $billing_period AND NOT is_split_cost AND charge_category IN ('Usage', 'Purchase')
        GROUP BY ALL
    )
),

committed AS (
    SELECT commitment_id, billing_currency, min(billing_account_id) AS billing_account_id, min(category) AS category,
        min(type) AS type, min(offering) AS offering,
        list(DISTINCT service || ' ' || family || ' ' || coalesce(region_id, '')) FILTER (family <> '') AS families,
        -- Only SageMaker plans cover SageMaker, only Compute plans Fargate and Lambda; reservations are of one service.
        CASE
            WHEN min(category) = 'Usage' THEN min(service)
            WHEN min(offering) LIKE 'SageMakerSP:%' OR bool_or(service = 'MachineLearningSavingsPlans')
                OR bool_or(scope = 'SageMaker' AND status = 'Used') THEN 'SageMaker'
            WHEN min(offering) LIKE 'ComputeSP:%' OR bool_or(scope IN ('Fargate', 'Lambda') AND status = 'Used')
                THEN 'Compute'
            WHEN regexp_matches(min(offering), 'EC2(Instance)?SP:') THEN 'EC2 Instance'
            WHEN min(offering) LIKE '%DatabaseSP:%' OR bool_or(service = 'DatabaseSavingsPlans') THEN 'Database'
        END AS covers,
        min(first) AS first, max(last) AS last,
        coalesce(sum(effective_cost) FILTER (status = 'Used'), 0) AS used_cost,
        coalesce(sum(effective_cost) FILTER (status = 'Unused'), 0) AS unused_cost,
        coalesce(sum(list_cost) FILTER (status = 'Used'), 0) AS covered_list_cost,
        sum(billed_cost + upfront_cost) FILTER (status = 'Bought' AND charge_frequency = 'Recurring') AS due_cost,
        coalesce(bool_or(is_untold) FILTER (status = 'Used'), false) AS is_untold,
        coalesce(bool_or(is_untold) FILTER (status = 'Unused'), false) AS is_left_over,
        coalesce(bool_or(is_unpriced) FILTER (status = 'Used'), false) AS is_unpriced
    FROM charge
    WHERE commitment_id IS NOT NULL
    GROUP BY ALL
),

-- Usage that is paid on demand or by a commitment, never Spot.
used AS (
    SELECT billing_account_id, billing_currency, commitment_id, scope,
        service || ' ' || family || ' ' || coalesce(region_id, '') AS family,
        bool_or(is_unpriced AND commitment_id IS NOT NULL) AS is_unpriced,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost
    FROM charge
    WHERE charge_category = 'Usage' AND is_eligible AND status IS DISTINCT FROM 'Unused'
    GROUP BY ALL
),

eligible AS (
    SELECT committed.commitment_id, committed.billing_currency,
        CASE WHEN NOT bool_or(used.is_unpriced) THEN sum(used.list_cost) END AS list_cost,
        coalesce(sum(used.list_cost) FILTER (used.commitment_id IS NULL), 0) AS uncovered_list_cost
    FROM committed
    JOIN used ON used.billing_account_id = committed.billing_account_id
        AND used.billing_currency = committed.billing_currency
        AND (used.commitment_id IS NOT DISTINCT FROM committed.commitment_id OR CASE
            WHEN category = 'Usage' THEN list_contains(families, used.family)
            WHEN covers = 'SageMaker' THEN used.scope = 'SageMaker'
            WHEN covers = 'Compute' THEN used.scope IN ('EC2', 'Fargate', 'Lambda')
            WHEN covers = 'EC2 Instance' THEN used.scope = 'EC2' AND list_contains(families, used.family)
        END)
    WHERE covers IN ('SageMaker', 'Compute') OR len(families) > 0 AND (category = 'Usage' OR covers = 'EC2 Instance')
    GROUP BY ALL
),

-- Capacity that is held: its hours cost what instances of that kind cost, and a plan may cover them besides.
held AS (
    SELECT capacity_reservation_id, billing_currency, min(billing_account_id) AS billing_account_id,
        min(first) AS first, max(last) AS last,
        sum(effective_cost) AS committed_cost,
        coalesce(sum(effective_cost) FILTER (capacity_reservation_status = 'Used'), 0) AS used_cost,
        coalesce(sum(effective_cost) FILTER (capacity_reservation_status = 'Unused'), 0) AS unused_cost,
        bool_or(effective_cost <> 0 AND (capacity_reservation_status IS NULL OR charge_category = 'Purchase'))
            AS is_untold
    FROM charge
    WHERE capacity_reservation_id IS NOT NULL
    GROUP BY ALL
),

-- The newest state of each training plan that was paid for. Its fee is spread evenly over its time: what it is until
-- the end of the month less what it was until its begin, so that the parts of all months are the fee.
planned AS (
    SELECT resource_key AS commitment_id, account_id, coalesce(body ->> '$.CurrencyCode', 'USD') AS billing_currency,
        greatest(starts, month_starts) AS first, least(ends, month_ends) AS last,
        scaled(fee, date_diff('second', starts, least(ends, month_ends)), seconds)
            - scaled(fee, date_diff('second', starts, greatest(starts, month_starts)), seconds)
            AS committed_cost
    FROM (
        SELECT *, time_from_text(body ->> '$.StartTime') AS starts, time_from_text(body ->> '$.EndTime') AS ends,
            money_from_text(body ->> '$.UpfrontFee') AS fee, date_diff('second', starts, ends) AS seconds,
            CAST($billing_period || '-01' AS TIMESTAMP) AS month_starts,
            CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH AS month_ends
        FROM resource_history
        WHERE kind = 'sagemaker:DescribeTrainingPlan'
        QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY valid_from DESC, life DESC, source DESC) = 1
    )
    WHERE coalesce(body ->> '$.Status', '') NOT IN ('Pending', 'Failed')
        AND starts < month_ends AND ends > month_starts AND starts < ends
),

reserved AS (
    SELECT training_plan AS commitment_id, billing_currency, min(billing_account_id) AS billing_account_id,
        min(first) AS first, max(last) AS last, sum(effective_cost) AS effective_cost, sum(billed_cost) AS billed_cost
    FROM charge
    WHERE training_plan IS NOT NULL
    GROUP BY ALL
),

every AS (
    SELECT commitment_id, category AS commitment_category, type AS commitment_type, covers,
        TRY_CAST(nullif(regexp_extract(offering, '([0-9]+)yr', 1), '') AS INTEGER) AS term_years,
        nullif(regexp_extract(offering, '(No|Partial|All)Upfront$', 1), '') || ' Upfront' AS payment_option,
        committed.billing_account_id, committed.billing_currency, first, last,
        CASE WHEN NOT is_untold THEN used_cost + unused_cost END AS committed_cost,
        CASE WHEN NOT is_untold THEN used_cost END AS used_cost,
        CASE WHEN NOT is_untold THEN unused_cost END AS unused_cost,
        due_cost,
        CASE WHEN NOT is_unpriced THEN covered_list_cost END AS covered_list_cost,
        eligible.list_cost AS eligible_list_cost,
        eligible.uncovered_list_cost,
        CASE
            WHEN is_left_over THEN 'bill; unused is what was paid and is on nothing that it covered'
            ELSE 'bill' END AS basis,
        concat_ws(
            '; ', CASE WHEN is_untold THEN 'the export does not tell what covered usage costs of the commitment' END,
            CASE WHEN is_unpriced THEN 'the export tells no price on demand of what it covered' END,
            CASE
                WHEN eligible.commitment_id IS NULL THEN 'what it could cover is not told by its charges'
                WHEN eligible.list_cost IS NULL AND NOT is_unpriced
                    THEN 'the export tells no price on demand of what other commitments covered' END
        ) AS unknown
    FROM committed
    LEFT JOIN eligible USING (commitment_id, billing_currency)
    UNION ALL BY NAME
    SELECT capacity_reservation_id AS commitment_id, 'Capacity' AS commitment_category,
        'Capacity Reservation' AS commitment_type, billing_account_id, billing_currency, first, last, committed_cost,
        CASE WHEN NOT is_untold THEN used_cost END AS used_cost,
        CASE WHEN NOT is_untold THEN unused_cost END AS unused_cost,
        'bill' AS basis,
        concat_ws(
            '; ', CASE WHEN is_untold THEN 'the bill does not tell how much of its fee was used' END,
            'it holds capacity and gives no discount'
        ) AS unknown
    FROM held
    UNION ALL BY NAME
    SELECT commitment_id, 'Capacity' AS commitment_category, 'Training Plan' AS commitment_type,
        coalesce(reserved.billing_account_id, planned.account_id) AS billing_account_id, billing_currency,
        coalesce(planned.first, reserved.first) AS first, coalesce(planned.last, reserved.last) AS last,
        coalesce(planned.committed_cost, reserved.effective_cost) AS committed_cost,
        reserved.billed_cost AS due_cost,
        CASE
            WHEN planned.committed_cost IS NOT NULL THEN 'its record: the upfront fee, spread evenly over its time'
            ELSE 'bill' END AS basis,
        'neither bill nor records tell how many of its hours were used' AS unknown
    FROM planned
    FULL JOIN reserved USING (commitment_id, billing_currency)
)

SELECT $billing_period AS billing_period, commitment_id, commitment_category, commitment_type, covers, term_years,
    payment_option, billing_account_id, billing_currency,
    date_diff(
        'hour', greatest(first, CAST($billing_period || '-01' AS TIMESTAMP)),
        least(last, CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH)
    ) AS hours,
    CAST(committed_cost AS DECIMAL(28,10)) AS committed_cost, CAST(used_cost AS DECIMAL(28,10)) AS used_cost,
    CAST(unused_cost AS DECIMAL(28,10)) AS unused_cost,
    CAST(used_cost AS DOUBLE) / nullif(CAST(used_cost + unused_cost AS DOUBLE), 0) AS utilisation,
    CAST(due_cost AS DECIMAL(28,10)) AS due_cost,
    CAST(covered_list_cost AS DECIMAL(28,10)) AS covered_list_cost,
    CAST(covered_list_cost - committed_cost AS DECIMAL(28,10)) AS savings,
    CAST(covered_list_cost - committed_cost AS DOUBLE) / nullif(CAST(covered_list_cost AS DOUBLE), 0)
        AS effective_savings_rate,
    CAST(eligible_list_cost AS DECIMAL(28,10)) AS eligible_list_cost,
    CAST(uncovered_list_cost AS DECIMAL(28,10)) AS uncovered_list_cost,
    CAST(covered_list_cost AS DOUBLE) / nullif(CAST(eligible_list_cost AS DOUBLE), 0) AS coverage,
    basis, nullif(unknown, '') AS unknown_because
FROM every
