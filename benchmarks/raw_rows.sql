-- A month of hourly CUR 2.0 rows, every column of the table: $resources things billed in each hour of $hours.
WITH thing AS (
    SELECT *, like_whom % 97 AS kind, like_whom % 40 AS account,
        ['AmazonSageMaker', 'AmazonEC2', 'AmazonS3', 'AmazonBedrock', 'AmazonCloudWatch'][1 + like_whom % 5] AS product,
        md5(CAST(number AS VARCHAR)) AS digest
    FROM (
        SELECT *, CASE type WHEN 'SavingsPlanNegation' THEN number - 7 ELSE number END AS like_whom
        FROM (
            SELECT number,
                CASE
                    WHEN number % 100 < 78 THEN 'Usage'
                    WHEN number % 100 < 85 THEN 'SavingsPlanCoveredUsage'
                    WHEN number % 100 < 92 THEN 'SavingsPlanNegation'
                    ELSE 'DiscountedUsage'
                END AS type
            FROM (SELECT unnest(range($first, $first + $resources)) AS number)
        )
    )
),

billed AS (
    SELECT thing.*, hour,
        TIMESTAMP '2026-10-01' + to_hours(CAST(hour AS INTEGER)) AS starts,
        -- Two of three things cost the same every hour, as machines do; the rest varies, as requests do.
        CASE
            WHEN like_whom % 3 > 0 THEN (like_whom * 7919 % 100000) / 1e5
            ELSE (hash(like_whom, hour) % 10000000000) / 1e10 END AS cost
    FROM thing, (SELECT unnest(range($hours)) AS hour)
)

SELECT
    'Anniversary' AS bill_bill_type,
    'AWS' AS bill_billing_entity,
    TIMESTAMP '2026-11-01' AS bill_billing_period_end_date,
    TIMESTAMP '2026-10-01' AS bill_billing_period_start_date,
    '' AS bill_invoice_id,
    'Amazon Web Services, Inc.' AS bill_invoicing_entity,
    '111111111111' AS bill_payer_account_id,
    'payer' AS bill_payer_account_name,
    MAP {'business_unit': 'unit-' || account % 5} AS cost_category,
    CAST(MAP {} AS MAP(VARCHAR, DOUBLE)) AS discount,
    CAST(NULL AS DOUBLE) AS discount_bundled_discount,
    CAST(NULL AS DOUBLE) AS discount_total_discount,
    digest || substr(digest, 1, 20) AS identity_line_item_id,
    strftime(starts, '%Y-%m-%dT%H:%M:%SZ') || '/'
        || strftime(starts + INTERVAL 1 HOUR, '%Y-%m-%dT%H:%M:%SZ') AS identity_time_interval,
    'us-east-1' || ['a', 'b', 'c'][1 + number % 3] AS line_item_availability_zone,
    cost AS line_item_blended_cost,
    CAST(round(cost, 10) AS VARCHAR) AS line_item_blended_rate,
    'USD' AS line_item_currency_code,
    'Amazon Web Services, Inc.' AS line_item_legal_entity,
    '$' || round(cost, 4) || ' per Hour for something of kind ' || kind
        || ' in US East (N. Virginia)' AS line_item_line_item_description,
    type AS line_item_line_item_type,
    CAST(NULL AS DOUBLE) AS line_item_net_unblended_cost,
    '' AS line_item_net_unblended_rate,
    4.0 AS line_item_normalization_factor,
    4.0 AS line_item_normalized_usage_amount,
    ['RunInstance', 'RunInstances', 'PutObject', 'InvokeModel', 'MetricStorage'][1 + number % 5] AS line_item_operation,
    product AS line_item_product_code,
    CASE WHEN type = 'SavingsPlanNegation' THEN ''
         WHEN product = 'AmazonEC2' THEN 'i-0' || substr(digest, 1, 16)
         ELSE 'arn:aws:' || lower(product) || ':us-east-1:' || 222222222000 + account || ':thing/' || digest
    END AS line_item_resource_id,
    '' AS line_item_tax_type,
    CASE type
        WHEN 'DiscountedUsage' THEN 0
        WHEN 'SavingsPlanNegation' THEN -cost
        ELSE cost END AS line_item_unblended_cost,
    CAST(round(cost, 10) AS VARCHAR) AS line_item_unblended_rate,
    CAST(222222222000 + account AS VARCHAR) AS line_item_usage_account_id,
    'account-' || account AS line_item_usage_account_name,
    1.0 AS line_item_usage_amount,
    starts + INTERVAL 1 HOUR AS line_item_usage_end_date,
    starts AS line_item_usage_start_date,
    'USE1-Kind' || kind || ':ml.m5.' || ['large', 'xlarge', '2xlarge'][1 + number % 3] AS line_item_usage_type,
    'USD' AS pricing_currency,
    '' AS pricing_lease_contract_length,
    '' AS pricing_offering_class,
    cost * 1.1 AS pricing_public_on_demand_cost,
    CAST(round(cost * 1.1, 10) AS VARCHAR) AS pricing_public_on_demand_rate,
    '' AS pricing_purchase_option,
    substr(digest, 1, 16) || '.JRTCKXETXF.6YS6EN2CT7' AS pricing_rate_code,
    CAST(number % 5000 AS VARCHAR) AS pricing_rate_id,
    'OnDemand' AS pricing_term,
    'Hrs' AS pricing_unit,
    MAP {
        'product_name': product, 'region': 'us-east-1', 'vcpu': '4', 'memory': '16 GiB', 'tenancy': 'Shared'
    } AS product,
    '' AS product_comment,
    '' AS product_fee_code,
    '' AS product_fee_description,
    '' AS product_from_location,
    '' AS product_from_location_type,
    '' AS product_from_region_code,
    'General purpose' AS product_instance_family,
    'ml.m5.' || ['large', 'xlarge', '2xlarge'][1 + number % 3] AS product_instance_type,
    '' AS product_instancesku,
    'US East (N. Virginia)' AS product_location,
    'AWS Region' AS product_location_type,
    'RunInstance' AS product_operation,
    '' AS product_pricing_unit,
    'ML Instance' AS product_product_family,
    'us-east-1' AS product_region_code,
    product AS product_servicecode,
    upper(substr(digest, 1, 16)) AS product_sku,
    '' AS product_to_location,
    '' AS product_to_location_type,
    '' AS product_to_region_code,
    'USE1-Kind' || kind AS product_usagetype,
    CAST(NULL AS DOUBLE) AS reservation_amortized_upfront_cost_for_usage,
    CAST(NULL AS DOUBLE) AS reservation_amortized_upfront_fee_for_billing_period,
    '' AS reservation_availability_zone,
    CASE WHEN type = 'DiscountedUsage' THEN cost * 0.6 END AS reservation_effective_cost,
    '' AS reservation_end_time,
    '' AS reservation_modification_status,
    CAST(NULL AS DOUBLE) AS reservation_net_amortized_upfront_cost_for_usage,
    CAST(NULL AS DOUBLE) AS reservation_net_amortized_upfront_fee_for_billing_period,
    CAST(NULL AS DOUBLE) AS reservation_net_effective_cost,
    CAST(NULL AS DOUBLE) AS reservation_net_recurring_fee_for_usage,
    CAST(NULL AS DOUBLE) AS reservation_net_unused_amortized_upfront_fee_for_billing_period,
    CAST(NULL AS DOUBLE) AS reservation_net_unused_recurring_fee,
    CAST(NULL AS DOUBLE) AS reservation_net_upfront_value,
    '' AS reservation_normalized_units_per_reservation,
    '' AS reservation_number_of_reservations,
    CASE WHEN type = 'DiscountedUsage' THEN cost * 0.6 END AS reservation_recurring_fee_for_usage,
    CASE
        WHEN type = 'DiscountedUsage' THEN 'arn:aws:ec2:us-east-1:111111111111:reserved-instances/' || kind
        ELSE '' END AS reservation_reservation_a_r_n,
    '' AS reservation_start_time,
    CAST(number % 50 AS VARCHAR) AS reservation_subscription_id,
    '' AS reservation_total_reserved_normalized_units,
    '' AS reservation_total_reserved_units,
    '' AS reservation_units_per_reservation,
    CAST(NULL AS DOUBLE) AS reservation_unused_amortized_upfront_fee_for_billing_period,
    CAST(NULL AS DOUBLE) AS reservation_unused_normalized_unit_quantity,
    CAST(NULL AS DOUBLE) AS reservation_unused_quantity,
    CAST(NULL AS DOUBLE) AS reservation_unused_recurring_fee,
    CAST(NULL AS DOUBLE) AS reservation_upfront_value,
    CASE WHEN number % 4 = 0 THEN MAP {}
         ELSE MAP {
             'user_team': 'team-' || number % 12, 'user_model': 'model-' || number % 60,
             'user_environment': ['dev', 'prod'][1 + number % 2], 'aws_created_by': 'AssumedRole:AROA' || account
         }
    END AS resource_tags,
    CAST(NULL AS DOUBLE) AS savings_plan_amortized_upfront_commitment_for_billing_period,
    '' AS savings_plan_end_time,
    '' AS savings_plan_instance_type_family,
    CAST(NULL AS DOUBLE) AS savings_plan_net_amortized_upfront_commitment_for_billing_period,
    CAST(NULL AS DOUBLE) AS savings_plan_net_recurring_commitment_for_billing_period,
    CAST(NULL AS DOUBLE) AS savings_plan_net_savings_plan_effective_cost,
    '' AS savings_plan_offering_type,
    '' AS savings_plan_payment_option,
    '' AS savings_plan_purchase_term,
    CAST(NULL AS DOUBLE) AS savings_plan_recurring_commitment_for_billing_period,
    '' AS savings_plan_region,
    CASE
        WHEN type LIKE 'SavingsPlan%' THEN 'arn:aws:savingsplans::111111111111:savingsplan/' || kind % 5
        ELSE '' END AS savings_plan_savings_plan_a_r_n,
    CASE WHEN type = 'SavingsPlanCoveredUsage' THEN cost * 0.7 END AS savings_plan_savings_plan_effective_cost,
    CASE WHEN type LIKE 'SavingsPlan%' THEN cost * 0.7 END AS savings_plan_savings_plan_rate,
    '' AS savings_plan_start_time,
    CAST(NULL AS DOUBLE) AS savings_plan_total_commitment_to_date,
    CAST(NULL AS DOUBLE) AS savings_plan_used_commitment
FROM billed
