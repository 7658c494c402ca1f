-- What was written of a drop: exported rows (a fee that became two charges is one), money, and what was set aside.
SELECT
    count(*) FILTER (NOT coalesce(x_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee') AND charge_category = 'Usage', false)) AS rows,
    CAST(coalesce(sum(billed_cost) FILTER (NOT is_split_cost), 0) AS DECIMAL(28,10)) AS billed_cost,
    string_agg(DISTINCT billing_currency, ',' ORDER BY billing_currency) AS billing_currency,
    (SELECT count(*) FROM quarantined_rows WHERE export_name = $export_name AND billing_period = $billing_period) AS quarantined_rows,
    (SELECT CAST(coalesce(sum(billed_cost), 0) AS DECIMAL(28,10)) FROM quarantined_rows
     WHERE export_name = $export_name AND billing_period = $billing_period) AS quarantined_cost
FROM line_items
WHERE export_name = $export_name AND billing_period = $billing_period
