-- What does each invoice have to say, to the cent?
-- Charges without a number have not been invoiced yet.
SELECT invoice_issuer_name, invoice_id, billing_period, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, invoice_issuer_name, invoice_id
