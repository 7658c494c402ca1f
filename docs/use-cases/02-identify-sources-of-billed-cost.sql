-- Who provides what we pay for, who made it, and who sends the invoice?
SELECT provider_name, publisher_name, invoice_issuer_name, invoice_id, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billed_cost DESC
