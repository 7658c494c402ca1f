-- The models whose cost changed most since the month before.
SELECT model,
    CAST(coalesce(sum(amount) FILTER (billing_period = $before), 0) AS DECIMAL(28,10)) AS cost_before,
    CAST(coalesce(sum(amount) FILTER (billing_period = $period), 0) AS DECIMAL(28,10)) AS cost,
    CAST(coalesce(sum(amount) FILTER (billing_period = $period), 0)
        - coalesce(sum(amount) FILTER (billing_period = $before), 0) AS DECIMAL(28,10)) AS change, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM model_costs
)
WHERE billing_period IN ($period, $before)
GROUP BY model, billing_currency
HAVING sum(amount) FILTER (billing_period = $period) IS DISTINCT FROM sum(amount) FILTER (billing_period = $before)
ORDER BY abs(change) DESC, model, billing_currency
