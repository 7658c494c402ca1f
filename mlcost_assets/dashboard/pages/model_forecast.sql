-- What the next days of a model are expected to cost, and how far off the method was in its backtest.
SELECT CAST(sum(mean) AS DECIMAL(28,10)) AS expected, count(*) AS days, min(forecast_date) AS first_day,
    round(100 * max(backtest_error)) AS backtest_percent, billing_currency
FROM forecasts
WHERE scope = 'model' AND name = $named
GROUP BY billing_currency
ORDER BY billing_currency
