-- What each experiment cost in a month.
SELECT
    billing_period, experiment, model, team, stage,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
    billing_currency
FROM attributed_costs
WHERE billing_period = $billing_period AND experiment IS NOT NULL
GROUP BY ALL
