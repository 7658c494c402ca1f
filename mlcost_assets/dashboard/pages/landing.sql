-- What the ML spend of the month is expected to come to: as billed to the last day of the series, then as forecast.
WITH ahead AS (
    SELECT billing_currency, max(trained_to) AS trained_to, max(backtest_error) AS backtest_error,
        CAST(sum(mean) FILTER (strftime(forecast_date, '%Y-%m') = $period) AS DECIMAL(28,10)) AS expected
    FROM forecasts
    WHERE scope = 'organisation'
    GROUP BY billing_currency
)

SELECT ahead.billing_currency,
    CAST(coalesce(sum(effective_cost), 0) + any_value(expected) AS DECIMAL(28,10)) AS landing,
    any_value(trained_to) AS trained_to, round(100 * any_value(backtest_error)) AS backtest_percent
FROM ahead
LEFT JOIN daily_costs AS billed ON billed.scope = 'organisation'
    AND billed.billing_currency = ahead.billing_currency AND strftime(billed.charge_date, '%Y-%m') = $period
WHERE expected IS NOT NULL
GROUP BY ahead.billing_currency
ORDER BY ahead.billing_currency
