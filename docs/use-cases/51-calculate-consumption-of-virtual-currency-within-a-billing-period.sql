-- How much of a virtual currency did we use up in the month?
SELECT provider_name, publisher_name, sum(pricing_currency_effective_cost) AS credits
FROM line_items
WHERE billing_period = '2026-10' AND pricing_currency = 'AI Credits' AND charge_category = 'Usage'
GROUP BY ALL
ORDER BY credits DESC
