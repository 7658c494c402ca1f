-- What a model cost in each month, by stage.
SELECT billing_period, stage, CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency
FROM attributed_costs
WHERE model = $model AND is_ml AND ($period IS NULL OR billing_period = $period)
GROUP BY ALL
ORDER BY billing_currency, billing_period, effective_cost DESC, stage
