-- Which commitments did we buy, and what do they cost?
SELECT min(charge_period_start) AS first, max(charge_period_end) AS last, commitment_discount_id,
    commitment_discount_type,
    sum(commitment_discount_quantity) AS quantity, commitment_discount_unit, charge_frequency,
    sum(billed_cost) AS billed_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND charge_category = 'Purchase' AND commitment_discount_id IS NOT NULL
GROUP BY ALL
ORDER BY billed_cost DESC
