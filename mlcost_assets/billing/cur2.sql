-- CUR 2.0 → FOCUS charges, row type by row type (reference: FOCUS 1.2, AWS Data Exports table
-- COST_AND_USAGE_REPORT). The legacy Cost and Usage Report has the same rows and is read by the same
-- mapping; formats.py says where its columns differ, line_item_types.sql what each type is.
--
-- Reads `exported`: the drop's rows with every CUR 2.0 column by its name and type, NULL where the export's query does
-- not select it (`typed_rows` has the rows that are no charge as well). Parameters: $export_name, $billing_period, and
-- what readings.py found for the whole drop: $net (costs net of discounts: a mixture would not add up to any invoice),
-- $plans_amortise and $reservations_amortise (what is covered tells its part of the commitment's cost; where it does
-- not, what is billed is effective), $unused_lacks (some fee does not tell what was left unused).
WITH typed AS NOT MATERIALIZED (
    SELECT *,
        commitment_kind_of(
            type, savings_plan_savings_plan_a_r_n, reservation_reservation_a_r_n, line_item_product_code
        ) AS commitment_kind
    FROM (
        SELECT *,
            -- Split-cost rows tell again what the instance's own row was billed, by commitment or not.
            CASE WHEN is_split_cost THEN 'Usage' ELSE line_item_kind(line_item_line_item_type) END AS type
        FROM exported
    )
),

costed AS NOT MATERIALIZED (
    SELECT *,
        -- A discount without a net cost is inside the net costs of others.
        CASE
            WHEN $net AND type = 'Discount' THEN coalesce(line_item_net_unblended_cost, 0)
            ELSE net_if($net, line_item_net_unblended_cost, line_item_unblended_cost)
        END AS cost,
        -- What a covered charge costs of its commitment.
        CASE type
            WHEN 'SavingsPlanCoveredUsage' THEN net_if(
                $net, savings_plan_net_savings_plan_effective_cost, savings_plan_savings_plan_effective_cost
            )
            WHEN 'DiscountedUsage' THEN net_if($net, reservation_net_effective_cost, reservation_effective_cost)
        END AS covered_cost,
        -- What a recurring fee tells: the month's part of the upfront fee, and what was left unused.
        CASE type
            WHEN 'SavingsPlanRecurringFee' THEN net_if(
                $net, savings_plan_net_amortized_upfront_commitment_for_billing_period,
                savings_plan_amortized_upfront_commitment_for_billing_period
            )
            WHEN 'RIFee' THEN net_if(
                $net, reservation_net_amortized_upfront_fee_for_billing_period,
                reservation_amortized_upfront_fee_for_billing_period
            )
        END AS upfront_part,
        CASE type
            WHEN 'SavingsPlanRecurringFee' THEN scaled(
                savings_plan_total_commitment_to_date - savings_plan_used_commitment,
                CASE
                    WHEN $net THEN coalesce(
                        nullif(savings_plan_net_recurring_commitment_for_billing_period, 0),
                        savings_plan_net_amortized_upfront_commitment_for_billing_period
                    )
                END,
                coalesce(
                    nullif(savings_plan_recurring_commitment_for_billing_period, 0),
                    savings_plan_amortized_upfront_commitment_for_billing_period
                )
            )
            WHEN 'RIFee' THEN plus(
                net_if(
                    $net, reservation_net_unused_amortized_upfront_fee_for_billing_period,
                    reservation_unused_amortized_upfront_fee_for_billing_period
                ),
                net_if($net, reservation_net_unused_recurring_fee, reservation_unused_recurring_fee)
            )
        END AS unused_cost,
        is_upfront_fee(
            type, commitment_kind, reservation_reservation_a_r_n, line_item_line_item_description
        ) AS is_upfront,
        CASE commitment_kind WHEN 'plan' THEN $plans_amortise ELSE $reservations_amortise END AS is_told,
        coalesce(reservation_reservation_a_r_n, savings_plan_savings_plan_a_r_n) AS commitment,
        {'file': x_source_file, 'row': x_source_row} AS place,
        coalesce(
            product_region_code, nullif(product['region_code'], ''), nullif(product['region'], ''), product_region
        ) AS region,
        focus_unit(pricing_unit) AS unit,
        -- Told once a row: what follows asks for each more than once.
        resource_type_of(line_item_resource_id) AS resource_kind,
        product['product_name'] AS name_in_map,
        product['location'] AS location_in_map,
        hash(resource_tags, tags) AS tags_hash
    FROM typed
),

-- Few sets of tags stand on very many rows: each is rewritten once.
tag_set AS (
    SELECT hash(resource_tags, tags) AS tags_hash,
        bill_tags(first_of_each(any_value(resource_tags)), first_of_each(any_value(tags))) AS tags
    FROM typed_rows
    WHERE cardinality(resource_tags) > 0 OR cardinality(tags) > 0
    GROUP BY 1
),

-- A savings plan's covered charges and its negation cancel out per account, plan and hour; then both are billed 0.
-- Where they do not, the residual stays on the first negation, or the covered rows keep their cost if there is none.
-- (Here and below the bill's own column is asked, so that Parquet skips other rows. Split-cost rows are of Usage.)
unbalanced AS (
    SELECT line_item_usage_account_id AS account, coalesce(commitment, '') AS plan,
        line_item_usage_start_date AS hour,
        CAST(sum(cost) AS DECIMAL(28,10)) AS residual,
        min(place) FILTER (type = 'SavingsPlanNegation') AS carrier
    FROM costed
    WHERE type <> 'Usage' AND line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
    GROUP BY ALL
    HAVING sum(cost) <> 0
),

-- Where fees do not tell what was left unused, it is what was paid for a commitment and is on nothing that it covered.
idle AS (
    SELECT commitment_kind, coalesce(commitment, '') AS commitment,
        CAST(greatest(
            sum(
                CASE WHEN type IN ('RIFee', 'SavingsPlanRecurringFee') THEN cost ELSE 0 END
                    + coalesce(upfront_part, 0) - coalesce(covered_cost, 0) - coalesce(unused_cost, 0)
            ), 0
        ) AS DECIMAL(28,10)) AS cost,
        min(place) FILTER (type IN ('RIFee', 'SavingsPlanRecurringFee') AND unused_cost IS NULL) AS carrier
    FROM costed
    WHERE $unused_lacks AND type <> 'Usage' AND line_item_line_item_type IN (
        'SavingsPlanCoveredUsage', 'SavingsPlanRecurringFee', 'DiscountedUsage', 'RIFee'
    )
    GROUP BY ALL
),

-- One exported row is one charge, except the two fees that hold a purchase and its unused part.
charge AS (
    SELECT *, false AS is_unused_part FROM costed
    UNION ALL
    SELECT *, true AS is_unused_part
    FROM costed
    WHERE type <> 'Usage' AND line_item_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee')
),

classified AS (
    SELECT charge.*,
        idle.cost AS idle_cost,
        charge_category_of(
            type, is_upfront, is_unused_part, line_item_usage_type, line_item_tax_type, line_item_line_item_description
        ) AS charge_category,
        -- Its cost is spread over what a commitment covers, and is not effective where it is billed.
        is_upfront OR type IN (
            'SavingsPlanCoveredUsage', 'SavingsPlanNegation', 'SavingsPlanRecurringFee', 'DiscountedUsage', 'RIFee'
        ) AS is_amortised,
        CASE
            WHEN is_unused_part OR type = 'SavingsPlanNegation' AND unbalanced.carrier IS DISTINCT FROM place THEN 0
            WHEN type = 'SavingsPlanNegation' THEN unbalanced.residual
            WHEN type = 'SavingsPlanCoveredUsage' AND (unbalanced.account IS NULL OR unbalanced.carrier IS NOT NULL)
                THEN 0
            ELSE charge.cost
        END AS billed_cost
    FROM charge
    LEFT JOIN unbalanced
        -- The type is part of a key: a condition on one side only would compare every row with every residual.
        ON unbalanced.account = CASE
            WHEN charge.type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
                THEN charge.line_item_usage_account_id
        END
        AND unbalanced.plan = coalesce(charge.commitment, '')
        AND unbalanced.hour = charge.line_item_usage_start_date
    LEFT JOIN idle ON idle.carrier = CASE WHEN charge.is_unused_part THEN charge.place END
),

amortised AS (
    SELECT *,
        CASE
            WHEN is_split_cost
                THEN coalesce(net_if($net, split_line_item_net_split_cost, split_line_item_split_cost), cost)
            WHEN NOT is_amortised THEN cost
            WHEN NOT is_told THEN billed_cost
            WHEN is_unused_part THEN coalesce(unused_cost, idle_cost, 0)
            WHEN type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage') THEN coalesce(covered_cost, billed_cost)
            ELSE 0
        END AS effective_cost,
        CASE
            WHEN NOT is_amortised THEN NULL
            WHEN NOT is_told OR type IN ('SavingsPlanCoveredUsage', 'DiscountedUsage') AND covered_cost IS NULL
                THEN CASE commitment_kind
                    WHEN 'plan' THEN 'savings_plan_savings_plan_effective_cost'
                    ELSE 'reservation_effective_cost' END
            WHEN is_unused_part AND unused_cost IS NULL THEN CASE
                WHEN type = 'RIFee' THEN 'reservation_unused_recurring_fee'
                WHEN savings_plan_used_commitment IS NULL THEN 'savings_plan_used_commitment'
                ELSE 'savings_plan_total_commitment_to_date' END
        END AS lacking_column
    FROM classified
),

priced AS (
    SELECT *,
        CASE
            WHEN is_unused_part OR type IN ('Discount', 'SavingsPlanNegation') THEN 0
            WHEN is_split_cost THEN split_line_item_public_on_demand_split_cost
            WHEN charge_category = 'Usage' AND type <> 'Refund' AND pricing_public_on_demand_cost <> 0
                THEN pricing_public_on_demand_cost
            -- A reservation's usage shows no cost of its own: its part of the reservation is the nearest known.
            WHEN type = 'DiscountedUsage' THEN effective_cost
            ELSE cost
        END AS list_cost,
        CASE
            WHEN is_unused_part OR type = 'SavingsPlanNegation' THEN 0
            -- Nor a negotiated price: the public one is the nearest known.
            WHEN type = 'DiscountedUsage' THEN coalesce(nullif(pricing_public_on_demand_cost, 0), effective_cost)
            WHEN is_split_cost THEN split_line_item_split_cost
            ELSE cost
        END AS contracted_cost,
        CASE
            WHEN commitment IS NULL THEN NULL
            WHEN type = 'DiscountedUsage' THEN line_item_usage_amount
            WHEN type = 'SavingsPlanCoveredUsage' THEN covered_cost
            WHEN type = 'RIFee' AND is_unused_part THEN reservation_unused_quantity
            WHEN type = 'RIFee' THEN coalesce(reservation_total_reserved_units, line_item_usage_amount)
            WHEN type = 'SavingsPlanRecurringFee' AND is_unused_part
                THEN savings_plan_total_commitment_to_date - savings_plan_used_commitment
            WHEN type IN ('SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee')
                THEN coalesce(savings_plan_total_commitment_to_date, cost)
        END AS commitment_quantity,
        pricing_category_of(type, charge_category, is_unused_part, line_item_usage_type) AS pricing_category
    FROM amortised
)

SELECT
    $export_name AS export_name,
    $billing_period AS billing_period,
    nullif(line_item_availability_zone, region) AS availability_zone,
    billed_cost,
    bill_payer_account_id AS billing_account_id,
    bill_payer_account_name AS billing_account_name,
    'Management Account' AS billing_account_type,
    row_currency AS billing_currency,
    CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH AS billing_period_end,
    CAST($billing_period || '-01' AS TIMESTAMP) AS billing_period_start,
    nullif(capacity_reservation_capacity_reservation_arn, '') AS capacity_reservation_id,
    -- AWS also tells that capacity is held (Reserved, at no cost) and that a future one was given up (Cancelled).
    CASE WHEN lower(capacity_reservation_capacity_reservation_status) IN ('used', 'reserved') THEN 'Used'
         WHEN lower(capacity_reservation_capacity_reservation_status) IN ('unused', 'cancelled') THEN 'Unused'
    END AS capacity_reservation_status,
    charge_category,
    CASE
        WHEN bill_bill_type = 'Refund'
            OR type = 'Refund' AND line_item_usage_start_date < CAST($billing_period || '-01' AS TIMESTAMP)
            THEN 'Correction' END AS charge_class,
    line_item_line_item_description AS charge_description,
    CASE
        WHEN type IN ('RIFee', 'SavingsPlanRecurringFee', 'FlatRateSubscription') AND NOT is_unused_part
            THEN 'Recurring'
        WHEN type = 'Fee' AND line_item_product_code LIKE '%Support%' THEN 'Recurring'
        WHEN charge_category = 'Usage' THEN 'Usage-Based'
        ELSE 'One-Time'
    END AS charge_frequency,
    -- FOCUS ends are exclusive; AWS ends some fees at 23:59:59.
    CASE
        WHEN second(line_item_usage_end_date) = 59
            THEN date_trunc('second', line_item_usage_end_date) + INTERVAL 1 SECOND
        ELSE coalesce(line_item_usage_end_date, line_item_usage_start_date) END AS charge_period_end,
    line_item_usage_start_date AS charge_period_start,
    CASE WHEN reservation_reservation_a_r_n IS NOT NULL THEN 'Usage'
         WHEN commitment IS NOT NULL THEN 'Spend' END AS commitment_discount_category,
    commitment AS commitment_discount_id,
    CAST(NULL AS VARCHAR) AS commitment_discount_name,
    commitment_quantity AS commitment_discount_quantity,
    CASE WHEN commitment IS NULL THEN NULL
         WHEN is_unused_part THEN 'Unused'
         WHEN type IN ('DiscountedUsage', 'SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 'Used'
    END AS commitment_discount_status,
    CASE WHEN reservation_reservation_a_r_n IS NOT NULL THEN 'Reserved Instance'
         WHEN commitment IS NOT NULL THEN 'Savings Plan' END AS commitment_discount_type,
    CASE
        WHEN commitment_quantity IS NULL THEN NULL
        WHEN reservation_reservation_a_r_n IS NOT NULL THEN unit
        ELSE row_currency END AS commitment_discount_unit,
    -- A negation repeats the usage of the rows it negates, a discount that of the discounted rows.
    CASE WHEN charge_category = 'Usage' AND NOT is_unused_part AND type NOT IN ('Discount', 'SavingsPlanNegation')
         THEN line_item_usage_amount END AS consumed_quantity,
    CASE
        WHEN charge_category = 'Usage' AND NOT is_unused_part AND type <> 'SavingsPlanNegation' THEN unit
    END AS consumed_unit,
    contracted_cost,
    -- A negation's or a discount's rate is below zero and no price.
    CASE
        WHEN charge_category <> 'Tax' AND line_item_unblended_rate >= 0 THEN line_item_unblended_rate
    END AS contracted_unit_price,
    effective_cost,
    bill_invoice_id AS invoice_id,
    coalesce(bill_invoicing_entity, line_item_legal_entity) AS invoice_issuer_name,
    list_cost,
    CASE WHEN charge_category <> 'Tax' THEN pricing_public_on_demand_rate END AS list_unit_price,
    pricing_category,
    CAST(NULL AS VARCHAR) AS pricing_currency,
    CAST(NULL AS DECIMAL(28,10)) AS pricing_currency_contracted_unit_price,
    CAST(NULL AS DECIMAL(28,10)) AS pricing_currency_effective_cost,
    CAST(NULL AS DECIMAL(28,10)) AS pricing_currency_list_unit_price,
    CASE WHEN charge_category IN ('Tax', 'Credit') THEN NULL
         WHEN is_unused_part OR type IN ('Discount', 'SavingsPlanNegation') THEN 0
         ELSE line_item_usage_amount END AS pricing_quantity,
    CASE WHEN charge_category NOT IN ('Tax', 'Credit') THEN unit END AS pricing_unit,
    'AWS' AS provider_name,
    coalesce(line_item_legal_entity, 'AWS') AS publisher_name,
    region AS region_id,
    CASE
        WHEN region IS NOT NULL THEN coalesce(regions.region_name, product_location, nullif(location_in_map, ''))
    END AS region_name,
    line_item_resource_id AS resource_id,
    CASE
        WHEN line_item_resource_id LIKE 'arn:%' THEN split_part(split_part(line_item_resource_id, '/', -1), ':', -1)
    END AS resource_name,
    coalesce(nullif(resource_kind, ''),
             CASE WHEN line_item_product_code = 'AmazonS3' AND line_item_resource_id IS NOT NULL THEN 'bucket' END
    ) AS resource_type,
    coalesce(CASE WHEN line_item_product_code = 'AmazonEC2' AND line_item_usage_type LIKE '%EBS:%' THEN 'Storage' END,
             services.service_category, 'Other') AS service_category,
    coalesce(nullif(name_in_map, ''), product_product_name, line_item_product_code) AS service_name,
    CASE WHEN line_item_product_code = 'AmazonEC2' AND line_item_usage_type LIKE '%EBS:%' THEN 'Block Storage'
         ELSE coalesce(services.service_subcategory, 'Other (Other)') END AS service_subcategory,
    CASE WHEN charge_category <> 'Tax' THEN product_sku END AS sku_id,
    CASE WHEN charge_category <> 'Tax' AND product_sku IS NOT NULL THEN line_item_usage_type END AS sku_meter,
    CAST(NULL AS VARCHAR) AS sku_price_details,
    CASE WHEN charge_category <> 'Tax' THEN pricing_rate_code END AS sku_price_id,
    line_item_usage_account_id AS sub_account_id,
    line_item_usage_account_name AS sub_account_name,
    CASE
        WHEN line_item_usage_account_id = bill_payer_account_id THEN 'Management Account'
        ELSE 'Member Account' END AS sub_account_type,
    tag_set.tags,
    'AWS' AS service_provider_name,
    'AWS' AS host_provider_name,
    first_of_each(cost_category) AS x_cost_categories,
    first_of_each(discount) AS x_discounts,
    line_item_operation AS x_operation,
    coalesce(product_servicecode, line_item_product_code) AS x_service_code,
    line_item_usage_type AS x_usage_type,
    line_item_product_code AS x_product_code,
    line_item_line_item_type AS x_line_item_type,
    product_instance_type AS x_instance_type,
    line_item_iam_principal AS x_iam_principal,
    split_line_item_parent_resource_id AS x_split_parent_resource_id,
    CASE WHEN is_split_cost THEN net_if($net, split_line_item_net_unused_cost, split_line_item_unused_cost) END
        AS x_unused_split_cost,
    CASE WHEN NOT is_unused_part THEN line_item_unblended_cost ELSE 0 END AS x_unblended_cost,
    is_split_cost, x_source_file, x_source_row,
    CASE WHEN NOT is_unused_part THEN upfront_part END AS x_amortized_upfront_cost, lacking_column AS x_lacking_column,
    CAST(NULL AS VARCHAR) AS allocated_method_id, CAST(NULL AS VARCHAR) AS allocated_method_details,
    CAST(NULL AS VARCHAR) AS allocated_resource_id, CAST(NULL AS VARCHAR) AS allocated_resource_name,
    CAST(NULL AS VARCHAR) AS allocated_tags, CAST(NULL AS VARCHAR) AS contract_applied
FROM priced
LEFT JOIN services ON services.product_code = line_item_product_code
LEFT JOIN regions ON regions.region_id = priced.region
LEFT JOIN tag_set ON tag_set.tags_hash = priced.tags_hash
