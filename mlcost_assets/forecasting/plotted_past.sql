-- The organisation's series, for the plot in the UI.
SELECT charge_date, CAST(effective_cost AS DOUBLE) AS cost FROM daily_costs WHERE scope = 'organisation'
