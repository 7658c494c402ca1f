-- The organisation's forecast, for the plot in the UI.
SELECT forecast_date, CAST(mean AS DOUBLE) AS mean, CAST(lower_80 AS DOUBLE) AS low, CAST(upper_80 AS DOUBLE) AS high
FROM forecasts
WHERE scope = 'organisation'
