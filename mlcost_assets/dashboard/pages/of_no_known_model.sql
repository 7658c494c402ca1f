-- ML spend of the month that has no known model.
SELECT billing_currency,
    CAST(sum(cost_of_kind($cost, effective_cost, billed_cost, list_cost)) AS DECIMAL(28,10)) AS cost
FROM model_costs
WHERE billing_period = $period AND model IS NULL
GROUP BY billing_currency
