-- Are the discounts that we negotiated and committed to on the bill?
-- Corrections of earlier months are left out; an unused commitment has an effective cost and no list cost.
SELECT service_name, sum(list_cost) AS list_cost, sum(contracted_cost) AS contracted_cost,
    sum(effective_cost) AS effective_cost,
    round(100 * (1 - sum(contracted_cost) / nullif(sum(list_cost), 0)), 1) AS negotiated_percent,
    round(100 * (1 - sum(effective_cost) / nullif(sum(contracted_cost), 0)), 1) AS committed_percent, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND charge_category = 'Usage' AND charge_class IS NULL AND NOT is_split_cost
GROUP BY ALL
ORDER BY list_cost DESC
