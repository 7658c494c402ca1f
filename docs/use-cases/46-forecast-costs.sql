-- What were usage and rates so far, to forecast cost from?
-- The table `forecasts` has a forecast per day, with intervals and its error in a backtest.
SELECT billing_period, service_name, region_id, pricing_unit, sum(effective_cost) AS effective_cost,
    sum(pricing_quantity) AS pricing_quantity,
    round(sum(effective_cost) / nullif(sum(pricing_quantity), 0), 6) AS rate, billing_currency
FROM line_items
WHERE charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
ORDER BY service_name, region_id, pricing_unit, billing_period
