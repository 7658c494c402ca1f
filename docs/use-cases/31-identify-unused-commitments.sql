-- Which commitments do we pay for and not use?
SELECT commitment_discount_id, commitment_discount_type,
    sum(effective_cost) FILTER (commitment_discount_status = 'Unused') AS unused,
    sum(effective_cost) FILTER (commitment_discount_status = 'Used') AS used,
    round(100 * unused / (coalesce(used, 0) + unused), 1) AS unused_percent, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND commitment_discount_status IS NOT NULL
GROUP BY ALL
HAVING unused > 0
ORDER BY unused DESC
