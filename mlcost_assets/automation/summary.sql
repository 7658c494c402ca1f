-- The totals of $periods as they are published.
SELECT billing_period, billing_currency, sum(billed_cost), sum(effective_cost),
    coalesce(sum(effective_cost) FILTER (is_ml AND effective_cost > 0), 0) AS ml,
    coalesce(sum(effective_cost) FILTER (is_ml AND effective_cost > 0 AND method = 'none'), 0) AS unowned
FROM attributed_costs
WHERE list_contains($periods, billing_period)
GROUP BY billing_period, billing_currency
ORDER BY billing_period, billing_currency
