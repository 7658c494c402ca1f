-- What does each application cost where bills come in several currencies?
-- Currencies stand beside each other and are never added up.
SELECT coalesce(model, '(no model known)') AS model, billing_account_id, billing_currency,
    sum(billed_cost) AS billed_cost
FROM attributed_costs
WHERE billing_period = '2026-10'
GROUP BY ALL
ORDER BY model, billing_currency
