-- Who pays what of the month's invoice.
SELECT $billing_period AS billing_period, '000000000001' AS billing_account_id, 'INV-' || $billing_period AS invoice_id,
    'own' AS kind, model, team, environment, CAST(sum(cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost, 'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period
GROUP BY ALL
