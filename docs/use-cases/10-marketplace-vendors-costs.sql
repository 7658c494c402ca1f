-- What do we spend on software bought through the marketplace, by vendor and month?
SELECT billing_period, publisher_name, invoice_issuer_name, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE publisher_name NOT SIMILAR TO '(AWS|Amazon).*' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, effective_cost DESC
