-- The published charges of an export's period by the file that held them, resource and
-- day; a fee that became two charges is one row.
SELECT x_source_file AS file, coalesce(resource_id, '') AS resource, CAST(charge_period_start AS DATE) AS day,
    count(DISTINCT x_source_row) AS rows, CAST(sum(x_unblended_cost) AS DECIMAL(28,10)) AS cost
FROM line_items
WHERE export_name = $export_name AND billing_period = $billing_period
GROUP BY ALL
