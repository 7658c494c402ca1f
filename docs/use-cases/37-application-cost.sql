-- What does an application, here a model, cost month by month, and on which services?
-- By attribution rather than by tag: what carries no tag counts too, where there is evidence whose it is.
SELECT billing_period, service_name, sum(effective_cost) AS effective_cost, billing_currency
FROM attributed_costs
WHERE model = 'churn'
GROUP BY ALL
ORDER BY billing_period, effective_cost DESC
