-- What an environment cost in each month.
SELECT billing_period, billing_currency,
    CAST(sum(cost_of_kind($cost, effective_cost, billed_cost, list_cost)) AS DECIMAL(28,10)) AS cost
FROM environment_costs
WHERE environment = $named
GROUP BY billing_period, billing_currency
ORDER BY billing_period, billing_currency
