-- FOCUS 1.0-preview to 1.4, and what comes next, as AWS exports it → line_items: the columns by their names, and AWS's
-- x_ columns. What an earlier version of FOCUS does not have yet is told as cur2.sql tells it.
--
-- Reads `exported`: the drop's rows with every FOCUS column by its snake-case name and type, NULL where this version
-- of FOCUS or the export's query has none. Parameters: $export_name, $billing_period.
SELECT
    $export_name AS export_name,
    $billing_period AS billing_period,
    -- AWS writes the region here for charges that have no zone.
    CASE WHEN availability_zone <> coalesce(exported.region_id, '') THEN availability_zone END AS availability_zone,
    billed_cost,
    billing_account_id,
    billing_account_name,
    coalesce(billing_account_type, 'Management Account') AS billing_account_type,
    billing_currency,
    billing_period_end,
    billing_period_start,
    capacity_reservation_id,
    capacity_reservation_status,
    charge_category,
    charge_class,
    charge_description,
    coalesce(
        charge_frequency, CASE charge_category WHEN 'Usage' THEN 'Usage-Based' ELSE 'One-Time' END
    ) AS charge_frequency,
    charge_period_end,
    charge_period_start,
    commitment_discount_category,
    commitment_discount_id,
    commitment_discount_name,
    commitment_discount_quantity,
    -- 1.0-preview says Used Commitment.
    nullif(regexp_extract(commitment_discount_status, '^(Used|Unused)'), '') AS commitment_discount_status,
    commitment_discount_type,
    commitment_discount_unit,
    consumed_quantity,
    consumed_unit,
    coalesce(contracted_cost, billed_cost) AS contracted_cost,
    contracted_unit_price,
    coalesce(effective_cost, billed_cost) AS effective_cost,
    invoice_id,
    invoice_issuer_name,
    coalesce(list_cost, billed_cost) AS list_cost,
    list_unit_price,
    pricing_category,
    pricing_currency,
    pricing_currency_contracted_unit_price,
    pricing_currency_effective_cost,
    pricing_currency_list_unit_price,
    pricing_quantity,
    pricing_unit,
    coalesce(provider_name, service_provider_name) AS provider_name,
    coalesce(publisher_name, service_provider_name) AS publisher_name,
    exported.region_id,
    CASE
        WHEN exported.region_id IS NOT NULL THEN coalesce(exported.region_name, regions.region_name)
    END AS region_name,
    resource_id,
    resource_name,
    CASE
        WHEN resource_id IS NOT NULL THEN coalesce(resource_type, nullif(resource_type_of(resource_id), ''))
    END AS resource_type,
    exported.service_category,
    service_name,
    coalesce(
        exported.service_subcategory, services.service_subcategory, 'Other (' || exported.service_category || ')'
    ) AS service_subcategory,
    sku_id,
    CASE WHEN sku_id IS NOT NULL THEN coalesce(sku_meter, x_usage_type) END AS sku_meter,
    sku_price_details,
    sku_price_id,
    sub_account_id,
    sub_account_name,
    coalesce(sub_account_type, CASE WHEN sub_account_id = billing_account_id THEN 'Management Account'
                                    WHEN sub_account_id IS NOT NULL THEN 'Member Account' END) AS sub_account_type,
    bill_tags(first_of_each(tags), NULL) AS tags,
    coalesce(service_provider_name, publisher_name, provider_name) AS service_provider_name,
    coalesce(host_provider_name, provider_name) AS host_provider_name,
    first_of_each(x_cost_categories) AS x_cost_categories,
    first_of_each(x_discounts) AS x_discounts,
    x_operation,
    x_service_code,
    -- FOCUS_1_2_AWS has no x_UsageType; its SkuMeter is the usage type where it has no blank in it.
    coalesce(x_usage_type, CASE WHEN sku_meter NOT LIKE '% %' THEN sku_meter END) AS x_usage_type,
    x_service_code AS x_product_code,
    CAST(NULL AS VARCHAR) AS x_line_item_type,
    -- No column of its own either, but usage types end with it: USE1-Train:ml.g5.2xlarge.
    nullif(
        regexp_extract(coalesce(x_usage_type, sku_meter), ':((ml\.)?[a-z0-9-]+\.[a-z0-9-]+)$', 1), ''
    ) AS x_instance_type,
    CAST(NULL AS VARCHAR) AS x_iam_principal,
    CAST(NULL AS VARCHAR) AS x_split_parent_resource_id,
    CAST(NULL AS DECIMAL(28,10)) AS x_unused_split_cost,
    billed_cost AS x_unblended_cost,
    false AS is_split_cost,
    x_source_file,
    x_source_row,
    CAST(NULL AS DECIMAL(28,10)) AS x_amortized_upfront_cost,
    CASE
        WHEN effective_cost IS NULL AND commitment_discount_id IS NOT NULL THEN 'EffectiveCost' END AS x_lacking_column,
    allocated_method_id,
    allocated_method_details,
    allocated_resource_id,
    allocated_resource_name,
    allocated_tags,
    contract_applied
FROM exported
LEFT JOIN services ON services.product_code = x_service_code AND services.service_category = exported.service_category
LEFT JOIN regions ON regions.region_id = exported.region_id
