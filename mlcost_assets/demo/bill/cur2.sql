-- One row of a CUR 2.0 export; the columns are chosen and ordered by cur2.py. A value that AWS leaves out is NULL.
CREATE VIEW cur AS
SELECT
    rows.line,
    rows.begins,
    md5(concat_ws('/', rows.line, rows.begins, $seed)) AS identity_line_item_id,
    strftime(make_timestamp(rows.begins * 1000000), '%Y-%m-%dT%H:%M:%SZ') || '/'
        || strftime(make_timestamp(rows.ends * 1000000), '%Y-%m-%dT%H:%M:%SZ') AS identity_time_interval,
    l.bill_type AS bill_bill_type,
    coalesce(l.bill_billing_entity, 'AWS') AS bill_billing_entity,
    make_timestamp(months.ends * 1000000) AS bill_billing_period_end_date,
    make_timestamp(months.begins * 1000000) AS bill_billing_period_start_date,
    months.invoice AS bill_invoice_id,
    coalesce(l.bill_invoicing_entity, 'Amazon Web Services, Inc.') AS bill_invoicing_entity,
    payer.account_id AS bill_payer_account_id,
    payer.name AS bill_payer_account_name,
    accounts.cost_category AS cost_category,
    CASE
        WHEN $keep < 100 AND l.is_discounted AND rows.net <> rows.unblended
        THEN MAP {'edp_discount': (rows.net - rows.unblended) / 1e10}
        ELSE MAP {}::MAP(VARCHAR, DOUBLE)
    END AS discount,
    CASE WHEN $keep < 100 THEN 0.0 END AS discount_bundled_discount,
    CASE WHEN $keep < 100 THEN (rows.net - rows.unblended) / 1e10 END AS discount_total_discount,
    l.zone AS line_item_availability_zone,
    rows.unblended / 1e10 AS line_item_blended_cost,
    l.rate_text AS line_item_blended_rate,
    'USD' AS line_item_currency_code,
    l.line_item_iam_principal,
    coalesce(l.line_item_legal_entity, 'Amazon Web Services, Inc.') AS line_item_legal_entity,
    l.description AS line_item_line_item_description,
    l.line_item_type AS line_item_line_item_type,
    CASE WHEN $keep < 100 THEN rows.net / 1e10 END AS line_item_net_unblended_cost,
    CASE WHEN $keep < 100 AND l.is_discounted THEN l.net_rate_text END AS line_item_net_unblended_rate,
    CASE
        WHEN l.kind_of_cover = 'reservation' OR l.line_item_type = 'RIFee' THEN 8.0
        ELSE 0.0 END AS line_item_normalization_factor,
    CASE
        WHEN l.kind_of_cover = 'reservation' OR l.line_item_type = 'RIFee' THEN rows.quantity * 8 / 1e10
        ELSE 0.0 END AS line_item_normalized_usage_amount,
    l.operation AS line_item_operation,
    l.product_code AS line_item_product_code,
    l.resource_id AS line_item_resource_id,
    l.line_item_tax_type,
    rows.unblended / 1e10 AS line_item_unblended_cost,
    CASE WHEN l.kind_of_cover = 'reservation' THEN '0.0000000000' ELSE l.rate_text END AS line_item_unblended_rate,
    l.account_id AS line_item_usage_account_id,
    accounts.name AS line_item_usage_account_name,
    rows.quantity / 1e10 AS line_item_usage_amount,
    make_timestamp(rows.ends * 1000000) AS line_item_usage_end_date,
    make_timestamp(rows.begins * 1000000) AS line_item_usage_start_date,
    l.usage_type AS line_item_usage_type,
    'USD' AS pricing_currency,
    CASE WHEN l.covered_by <> '' THEN '1yr' END AS pricing_lease_contract_length,
    CASE WHEN l.kind_of_cover = 'reservation' THEN 'standard' END AS pricing_offering_class,
    rows.public / 1e10 AS pricing_public_on_demand_cost,
    CASE WHEN l.public_rate IS NULL THEN '' ELSE l.public_rate_text END AS pricing_public_on_demand_rate,
    CASE WHEN l.kind_of_cover = 'reservation' THEN 'Partial Upfront' END AS pricing_purchase_option,
    l.rate_code AS pricing_rate_code,
    l.rate_id AS pricing_rate_id,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage' OR l.line_item_type = 'RIFee' THEN 'Reserved'
        WHEN contains(l.usage_type, 'SpotUsage') THEN 'Spot'
        WHEN l.line_item_type = 'Usage' THEN 'OnDemand'
        ELSE ''
    END AS pricing_term,
    l.unit AS pricing_unit,
    l.product AS product,
    l.family AS product_product_family,
    l.region AS product_region_code,
    l.service_code AS product_servicecode,
    l.sku AS product_sku,
    l.usage_type AS product_usagetype,
    l.operation AS product_operation,
    nullif(l.instance_type, '') AS product_instance_type,
    nullif(l.instance_family, '') AS product_instance_family,
    l.location AS product_location,
    CASE WHEN l.location <> '' THEN 'AWS Region' ELSE '' END AS product_location_type,
    CASE WHEN l.line_item_type = 'DiscountedUsage' THEN rows.effective / 1e10 END AS reservation_effective_cost,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage' AND $keep < 100 THEN rows.net_effective / 1e10
    END AS reservation_net_effective_cost,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage'
            THEN rows.quantity::HUGEINT * reservations.recurring // 10000000000 / 1e10
    END AS reservation_recurring_fee_for_usage,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage'
            THEN rows.quantity::HUGEINT * reservations.upfront // 10000000000 / 1e10
    END AS reservation_amortized_upfront_cost_for_usage,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage' AND $keep < 100
            THEN rows.quantity::HUGEINT * reservations.recurring * $keep // 1000000000000 / 1e10
    END AS reservation_net_recurring_fee_for_usage,
    CASE
        WHEN l.line_item_type = 'DiscountedUsage' AND $keep < 100
            THEN rows.quantity::HUGEINT * reservations.upfront * $keep // 1000000000000 / 1e10
    END AS reservation_net_amortized_upfront_cost_for_usage,
    CASE
        WHEN l.line_item_type = 'RIFee' THEN rows.quantity::HUGEINT * reservations.upfront // 10000000000 / 1e10
    END AS reservation_amortized_upfront_fee_for_billing_period,
    CASE
        WHEN l.line_item_type = 'RIFee' AND $keep < 100
            THEN rows.quantity::HUGEINT * reservations.upfront * $keep // 1000000000000 / 1e10
    END AS reservation_net_amortized_upfront_fee_for_billing_period,
    rows.unused_recurring / 1e10 AS reservation_unused_recurring_fee,
    rows.unused_upfront / 1e10 AS reservation_unused_amortized_upfront_fee_for_billing_period,
    CASE WHEN $keep < 100 THEN rows.unused_recurring * $keep // 100 / 1e10 END AS reservation_net_unused_recurring_fee,
    CASE
        WHEN $keep < 100 THEN rows.unused_upfront * $keep // 100 / 1e10
    END AS reservation_net_unused_amortized_upfront_fee_for_billing_period,
    rows.unused_quantity / 1e10 AS reservation_unused_quantity,
    rows.unused_quantity * 8 / 1e10 AS reservation_unused_normalized_unit_quantity,
    reservations.arn AS reservation_reservation_a_r_n,
    reservations.start_time AS reservation_start_time,
    reservations.end_time AS reservation_end_time,
    reservations.subscription AS reservation_subscription_id,
    CASE WHEN l.line_item_type = 'RIFee' THEN reservations.count::VARCHAR END AS reservation_number_of_reservations,
    CASE
        WHEN l.line_item_type = 'RIFee' THEN (rows.quantity // 10000000000)::VARCHAR
    END AS reservation_total_reserved_units,
    CASE
        WHEN l.line_item_type = 'RIFee' THEN (rows.quantity * 8 // 10000000000)::VARCHAR
    END AS reservation_total_reserved_normalized_units,
    l.resource_tags AS resource_tags,
    l.other_tags AS tags,
    plans.arn AS savings_plan_savings_plan_a_r_n,
    CASE
        WHEN l.line_item_type = 'SavingsPlanCoveredUsage' THEN rows.effective / 1e10
        WHEN plans.arn IS NOT NULL THEN 0.0
    END AS savings_plan_savings_plan_effective_cost,
    CASE
        WHEN $keep < 100 THEN CASE
            WHEN l.line_item_type = 'SavingsPlanCoveredUsage' THEN rows.net_effective / 1e10
            WHEN plans.arn IS NOT NULL THEN 0.0
        END
    END AS savings_plan_net_savings_plan_effective_cost,
    CASE
        WHEN l.line_item_type = 'SavingsPlanCoveredUsage' THEN l.covered_rate / 1e10
    END AS savings_plan_savings_plan_rate,
    rows.commitment_total / 1e10 AS savings_plan_total_commitment_to_date,
    rows.commitment_used / 1e10 AS savings_plan_used_commitment,
    CASE
        WHEN l.line_item_type = 'SavingsPlanRecurringFee' THEN rows.unblended / 1e10
    END AS savings_plan_recurring_commitment_for_billing_period,
    CASE
        WHEN l.line_item_type = 'SavingsPlanRecurringFee' THEN (rows.commitment_total - rows.unblended) / 1e10
    END AS savings_plan_amortized_upfront_commitment_for_billing_period,
    CASE
        WHEN l.line_item_type = 'SavingsPlanRecurringFee' AND $keep < 100 THEN rows.net / 1e10
    END AS savings_plan_net_recurring_commitment_for_billing_period,
    CASE
        WHEN l.line_item_type = 'SavingsPlanRecurringFee' AND $keep < 100
            THEN (rows.commitment_total - rows.unblended) * $keep // 100 / 1e10
    END AS savings_plan_net_amortized_upfront_commitment_for_billing_period,
    plans.offering AS savings_plan_offering_type,
    plans.payment AS savings_plan_payment_option,
    CASE WHEN plans.arn IS NOT NULL THEN '1yr' END AS savings_plan_purchase_term,
    plans.start_time AS savings_plan_start_time,
    plans.end_time AS savings_plan_end_time,
    l.split_line_item_parent_resource_id,
    rows.split_usage AS split_line_item_split_usage,
    rows.split_usage AS split_line_item_reserved_usage,
    round(rows.split_usage * 0.62, 10) AS split_line_item_actual_usage,
    rows.split_ratio AS split_line_item_split_usage_ratio,
    rows.split_cost / 1e10 AS split_line_item_split_cost,
    rows.split_unused / 1e10 AS split_line_item_unused_cost,
    CASE WHEN $keep < 100 THEN round(rows.split_cost * $keep / 1e12, 10) END AS split_line_item_net_split_cost,
    CASE WHEN $keep < 100 THEN round(rows.split_unused * $keep / 1e12, 10) END AS split_line_item_net_unused_cost,
    rows.split_public / 1e10 AS split_line_item_public_on_demand_split_cost,
    rows.split_public_unused / 1e10 AS split_line_item_public_on_demand_unused_cost,
    l.capacity_reservation AS capacity_reservation_capacity_reservation_arn,
    CASE WHEN l.capacity_reservation IS NOT NULL THEN 'used' END AS capacity_reservation_capacity_reservation_status,
    CASE WHEN l.capacity_reservation IS NOT NULL THEN 'ODCR' END AS capacity_reservation_capacity_reservation_type
FROM rows
JOIN priced_lines AS l USING (line)
JOIN months ON rows.begins >= months.begins AND rows.begins < months.ends
JOIN accounts ON accounts.account_id = l.account_id
JOIN accounts AS payer ON payer.account_id = accounts.payer_id
LEFT JOIN plan_terms AS plans ON plans.arn = l.covered_by
LEFT JOIN reservation_terms AS reservations ON reservations.arn = l.covered_by;
