-- What the next days are expected to cost, by team and model, and how far off the method was in its backtest.
SELECT scope, name, CAST(sum(mean) AS DECIMAL(28,10)) AS expected, count(*) AS days,
    min(forecast_date) AS first_day, max(forecast_date) AS last_day, min(method) AS method,
    round(max(backtest_error), 4) AS backtest_error_share, min(trained_from) AS trained_from,
    max(trained_to) AS trained_to, billing_currency
FROM forecasts
GROUP BY scope, name, billing_currency
ORDER BY list_position(['organisation', 'team', 'model'], scope), billing_currency, expected DESC, name
