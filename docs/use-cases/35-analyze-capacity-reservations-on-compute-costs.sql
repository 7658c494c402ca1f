-- How much compute runs on reserved capacity, and how much capacity is idle?
SELECT CASE capacity_reservation_status
    WHEN 'Used' THEN 'on reserved capacity'
    WHEN 'Unused' THEN 'reserved and idle'
    ELSE 'without a reservation' END AS capacity,
    billing_account_id, sum(billed_cost) AS billed_cost, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND service_category = 'Compute' AND charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
ORDER BY effective_cost DESC, capacity
