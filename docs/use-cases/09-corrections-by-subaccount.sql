-- Whose accounts do the corrections of earlier months concern?
SELECT billing_period, sub_account_id, sub_account_name, service_category, sum(billed_cost) AS billed_cost,
    billing_currency
FROM line_items
WHERE charge_class = 'Correction' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, sub_account_id
