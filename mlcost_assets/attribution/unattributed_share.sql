-- The period whose ML effective cost has the largest share without an owner. A ratio for a threshold, not money.
SELECT billing_period,
    CAST(coalesce(sum(effective_cost) FILTER (method = 'none'), 0) AS DOUBLE) / CAST(sum(effective_cost) AS DOUBLE) AS share,
    coalesce(sum(effective_cost) FILTER (method = 'none'), 0) AS unowned,
    billing_currency
FROM attributed_costs
WHERE is_ml AND effective_cost > 0 AND stage <> 'commitment' AND list_contains($periods, billing_period)
GROUP BY billing_period, billing_currency
ORDER BY coalesce(share, 0) DESC
LIMIT 1
