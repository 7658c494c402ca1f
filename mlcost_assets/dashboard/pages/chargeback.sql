-- Who pays what of each invoice of the month, by team; billed cost net of credits.
SELECT invoice_id, team, kind, shared_by, CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency
FROM chargeback
WHERE billing_period = $period AND ($team IS NULL OR team = $team)
GROUP BY invoice_id, team, kind, shared_by, billing_currency
ORDER BY invoice_id, billing_currency, billed_cost DESC, team, kind, shared_by
