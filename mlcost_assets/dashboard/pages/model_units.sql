-- What a thousand predictions of a model cost on each day of the month.
SELECT charge_date, requests, inference_cost, cost_per_1000, total_cost_per_1000, counted_requests,
    counted_cost_per_1000, requests_unknown_because, billing_currency
FROM unit_costs
WHERE billing_period = $period AND model = $named
ORDER BY charge_date, billing_currency
