-- On what did a virtual currency go?
SELECT publisher_name, service_name, charge_description, sum(pricing_currency_effective_cost) AS credits
FROM line_items
WHERE billing_period = '2026-10' AND pricing_currency = 'AI Credits' AND charge_category = 'Usage'
GROUP BY ALL
ORDER BY credits DESC
LIMIT 10
