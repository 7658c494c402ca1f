-- Which credits did we get, on which invoice?
SELECT provider_name, invoice_id, charge_description, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND charge_category = 'Credit'
GROUP BY ALL
ORDER BY billed_cost
