-- Who uses the accelerators of the month, day by day.
SELECT $billing_period AS billing_period, day AS charge_date, model, team, environment, machine AS instance_type,
    'gpu' AS accelerator_kind, 'A10G' AS accelerator, 1 AS accelerators, 24 * count(*) AS instance_hours,
    24 * count(*) AS accelerator_hours, 0 AS unused_hours, CAST(sum(cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(cost) AS DECIMAL(28,10)) AS billed_cost, CAST(sum(cost) AS DECIMAL(28,10)) AS list_cost,
    CAST(coalesce(sum(cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_cost,
    0.4 AS utilisation, 24 * count(*) AS measured_hours, 'USD' AS billing_currency
FROM thing_day
WHERE month = $billing_period AND machine = 'ml.g5.xlarge' AND is_ml
GROUP BY ALL
