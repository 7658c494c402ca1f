-- Which capacity reservations are idle?
SELECT billing_account_id, capacity_reservation_id, min(charge_period_start) AS since, sum(billed_cost) AS billed_cost,
    sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND capacity_reservation_status = 'Unused'
GROUP BY ALL
ORDER BY effective_cost DESC
