-- What do commitments cost us again and again?
SELECT billing_period, commitment_discount_id, commitment_discount_type, sum(billed_cost) AS billed_cost,
    billing_currency
FROM line_items
WHERE charge_frequency = 'Recurring' AND commitment_discount_id IS NOT NULL
GROUP BY ALL
ORDER BY billing_period, billed_cost DESC
