-- line_items → days; or hours ($by_hour), where attribution cuts a day. Split-cost rows tell again what other rows were
-- billed and stay out. Few sets of tags stand on very many rows: they are told apart by hash, and named once a day.
SELECT * EXCLUDE (tags_hash, tags), tag_set(tags) AS tag_set
FROM (
    SELECT
        billing_period,
        CAST(charge_period_start AS DATE) AS charge_date,
        CASE
            WHEN $by_hour THEN date_trunc('hour', charge_period_start)
            ELSE CAST(CAST(charge_period_start AS DATE) AS TIMESTAMP) END AS charged_from,
        export_name,
        billing_account_id,
        coalesce(sub_account_id, billing_account_id) AS account_id,
        region_id,
        billing_currency,
        coalesce(x_service_code, service_name) AS service_code,
        service_name,
        x_product_code AS product_code,
        charge_category,
        commitment_status(charge_category, commitment_discount_id, commitment_discount_status) AS commitment_status,
        commitment_discount_id AS commitment_id,
        x_line_item_type AS line_item_type,
        x_usage_type AS usage_type,
        x_operation AS operation,
        x_instance_type AS instance_type,
        coalesce(resource_id, '') AS resource_id,
        x_iam_principal AS iam_principal,
        CASE WHEN cardinality(tags) > 0 THEN hash(tags) END AS tags_hash,
        any_value(tags) AS tags,
        CAST(sum(consumed_quantity) AS DECIMAL(28,10)) AS usage_quantity,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
        CAST(sum(contracted_cost) AS DECIMAL(28,10)) AS contracted_cost
    FROM line_items
    WHERE billing_period = $billing_period AND NOT is_split_cost
    GROUP BY ALL
)
