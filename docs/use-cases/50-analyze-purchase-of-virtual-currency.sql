-- How much of a virtual currency did we buy, and what for?
SELECT publisher_name, charge_description, pricing_unit, sum(pricing_quantity) AS pricing_quantity,
    sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE charge_category = 'Purchase' AND pricing_unit = 'AI Credits'
GROUP BY ALL
ORDER BY billed_cost DESC
