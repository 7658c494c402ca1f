-- What was corrected after it had been invoiced?
SELECT billing_period, billing_account_id, charge_category, service_category, service_name,
    min(charge_period_start) AS corrects_from, sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE charge_class = 'Correction' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, billed_cost
