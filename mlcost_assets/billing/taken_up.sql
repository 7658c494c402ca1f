-- What became of the drops of a run ($exports and $periods, pairwise), as the
-- ledger has them now, each currency for itself.
SELECT
    export_name AS export,
    billing_period AS period,
    state,
    reason,
    format,
    CASE WHEN format <> 'focus' THEN net END AS net_of_discounts,
    rows,
    (SELECT string_agg(told.billed_cost || ' ' || told.billing_currency, ', ' ORDER BY told.billing_currency)
     FROM drop_totals AS told WHERE told.drop_id = newest.drop_id AND told.rows > told.quarantined_rows) AS billed,
    notes
FROM billing_drops AS newest
SEMI JOIN (
    SELECT unnest($exports) AS export_name, unnest($periods) AS billing_period
) AS asked USING (export_name, billing_period)
QUALIFY row_number() OVER (
    PARTITION BY export_name, billing_period ORDER BY entry_no DESC NULLS LAST, seen_at DESC, drop_id
) = 1
ORDER BY export_name, billing_period
