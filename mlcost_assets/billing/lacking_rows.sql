-- How many rows of a drop's files (`scanned`) became no charge. A fee that became two charges is one row.
SELECT (SELECT coalesce(sum(rows), 0) FROM scanned)
    - count(*) FILTER (
        NOT coalesce(x_line_item_type IN ('RIFee', 'SavingsPlanRecurringFee') AND charge_category = 'Usage', false)
    )
FROM line_items
WHERE export_name = $export_name AND billing_period = $billing_period
