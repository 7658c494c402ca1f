-- Each invoice of the statement, and each one that it adjusts, against the bill: what the lines say, with what final
-- statements said before ($said), less what line_items hold. Off by nothing, or the statement is refused.
WITH said AS (
    SELECT unnest(from_json($said, '[{
        "billing_period": "VARCHAR", "billing_account_id": "VARCHAR", "invoice_id": "VARCHAR",
        "billed_cost": "DECIMAL(28,10)", "billing_currency": "VARCHAR"
    }]'), recursive := true)
),

told AS (
    SELECT billing_period, billing_account_id, invoice_id, billing_currency,
        0 AS of_invoice, billed_cost AS of_lines, 0 AS said_before, amount
    FROM statement_lines
    UNION ALL
    SELECT billing_period, billing_account_id, invoice_id, billing_currency, 0, 0, billed_cost, 0
    FROM said
    WHERE list_contains($settled, billing_period)
    UNION ALL
    SELECT billing_period, billing_account_id, invoice_id, billing_currency, sum(billed_cost), 0, 0, 0
    FROM line_items
    WHERE NOT is_split_cost AND (billing_period = $billing_period OR list_contains($settled, billing_period))
    GROUP BY ALL
)

SELECT billing_period, billing_account_id, invoice_id,
    CAST(sum(of_invoice) AS DECIMAL(28,10)) AS invoice_total,
    CAST(sum(said_before) AS DECIMAL(28,10)) AS said_before,
    CAST(sum(of_lines) AS DECIMAL(28,10)) AS of_this_statement,
    CAST(sum(of_invoice) - sum(said_before) - sum(of_lines) AS DECIMAL(28,10)) AS off_by,
    CAST(sum(amount) AS DECIMAL(28,10)) AS amount, billing_currency
FROM told
GROUP BY billing_period, billing_account_id, invoice_id, billing_currency
HAVING billing_period = $billing_period OR sum(of_lines) <> 0 OR sum(amount) <> 0
    OR sum(of_invoice) <> sum(said_before)
ORDER BY billing_currency, billing_period DESC, billing_account_id, invoice_id
