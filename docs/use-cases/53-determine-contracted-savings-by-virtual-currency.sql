-- What does our contract save us on prices in a virtual currency?
SELECT service_name, charge_description, pricing_currency,
    sum(
        (pricing_currency_list_unit_price - pricing_currency_contracted_unit_price) * pricing_quantity
    ) AS saved_credits,
    sum((list_unit_price - contracted_unit_price) * pricing_quantity) AS saved, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND pricing_currency_list_unit_price > pricing_currency_contracted_unit_price
GROUP BY ALL
ORDER BY saved_credits DESC
