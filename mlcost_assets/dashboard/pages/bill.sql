-- Lines of the bill as they were exported, with their file and row.
SELECT charge_period_start, sub_account_id AS account_id, x_service_code AS service_code, region_id, resource_id,
    x_usage_type AS usage_type,
    charge_category, charge_description, pricing_quantity, pricing_unit, billed_cost, effective_cost, list_cost,
    billing_currency, x_source_file AS file, x_source_row AS row
FROM line_items
WHERE billing_period = $period AND NOT is_split_cost
    AND ($account IS NULL OR sub_account_id = $account) AND ($payer IS NULL OR billing_account_id = $payer)
    AND ($currency IS NULL OR billing_currency = $currency)
    AND ($resource IS NULL OR resource_id = $resource) AND ($usage_type IS NULL OR x_usage_type = $usage_type)
ORDER BY charge_period_start, file, row, billed_cost
