-- The rows of a drop that are no charge, each with its reject_reason. Where every row became a charge ($lacking is
-- false) none is looked at again.
SELECT
    $export_name AS export_name,
    $billing_period AS billing_period,
    $drop_id AS drop_id,
    x_source_file AS source_file,
    x_source_row AS source_row,
    reject_reason AS reason,
    CASE
        WHEN NOT is_split_cost
            THEN money_from_text(CASE WHEN $net THEN exported_net_cost ELSE raw_cost END)
    END AS billed_cost,
    left(CAST(to_json(exported_rows) AS VARCHAR), 2000) AS content,
    row_currency AS billing_currency
FROM exported_rows
WHERE $lacking AND reject_reason IS NOT NULL
