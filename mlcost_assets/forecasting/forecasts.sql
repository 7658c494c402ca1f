-- What statsforecast gave (forecast_rows), by scope and as money.
SELECT scope, name, CAST(ds AS DATE) AS forecast_date,
    CAST(mean AS DECIMAL(28,10)) AS mean,
    CAST(lower_80 AS DECIMAL(28,10)) AS lower_80, CAST(upper_80 AS DECIMAL(28,10)) AS upper_80,
    CAST(lower_95 AS DECIMAL(28,10)) AS lower_95, CAST(upper_95 AS DECIMAL(28,10)) AS upper_95,
    method, backtest_error, trained_from, trained_to, billing_currency
FROM forecast_rows
JOIN (
    SELECT scope, name, billing_currency, min(charge_date) AS trained_from, max(charge_date) AS trained_to
    FROM daily_costs
    GROUP BY ALL
) ON unique_id = concat_ws('|', scope, name, billing_currency)
