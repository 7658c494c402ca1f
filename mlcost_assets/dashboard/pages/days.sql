-- What the ML spend of each day of the month came to by stage: of one model, or of all.
SELECT charge_date, stage, CAST(sum(amount) AS DECIMAL(28,10)) AS cost, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM attributed_costs
    WHERE billing_period = $period AND is_ml AND ($named IS NULL OR model = $named)
)
GROUP BY charge_date, stage, billing_currency
ORDER BY charge_date, stage, billing_currency
