-- Which costs are priced in another currency than they are billed in?
SELECT publisher_name, service_name, pricing_currency, sum(pricing_currency_effective_cost) AS in_pricing_currency,
    sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND pricing_currency <> billing_currency
GROUP BY ALL
ORDER BY effective_cost DESC
