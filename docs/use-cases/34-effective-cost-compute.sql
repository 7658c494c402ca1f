-- What does compute cost under each kind of commitment, and without one?
SELECT billing_period, coalesce(commitment_discount_type, 'On demand') AS commitment, sub_account_id, service_name,
    sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE service_category = 'Compute' AND charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, effective_cost DESC
