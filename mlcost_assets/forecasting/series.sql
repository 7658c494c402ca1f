-- daily_costs as statsforecast reads series. A forecast is an estimate: here, and only here, cost is a floating number.
SELECT concat_ws('|', scope, name, billing_currency) AS unique_id, CAST(charge_date AS TIMESTAMP) AS ds,
    CAST(effective_cost AS DOUBLE) AS y
FROM daily_costs
ORDER BY ALL
