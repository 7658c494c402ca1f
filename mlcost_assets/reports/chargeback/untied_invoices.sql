-- Invoices of the $periods that `chargeback` does not divide to the last digit: by how much it is off.
WITH bill AS (
    SELECT billing_period, billing_account_id, invoice_id, billing_currency, sum(billed_cost) AS billed,
        coalesce(sum(effective_cost), 0) AS effective
    FROM line_items
    WHERE list_contains($periods, billing_period) AND NOT is_split_cost
    GROUP BY ALL
),

charged AS (
    SELECT billing_period, billing_account_id, invoice_id, billing_currency, -sum(billed_cost) AS billed,
        -sum(effective_cost) AS effective
    FROM chargeback
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
)

SELECT billing_period, coalesce(invoice_id, 'no invoice yet'), billing_currency,
    CAST(-sum(billed) AS DECIMAL(28,10)) AS billed, CAST(-sum(effective) AS DECIMAL(28,10)) AS effective
FROM (
    FROM bill
    UNION ALL
    FROM charged
)
GROUP BY billing_period, billing_account_id, invoice_id, billing_currency
HAVING sum(billed) <> 0 OR sum(effective) <> 0
ORDER BY ALL
