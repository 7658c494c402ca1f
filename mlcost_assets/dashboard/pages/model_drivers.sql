-- What drove the change of a model's cost since the month before.
SELECT driver, service_code, CAST(sum(change) AS DECIMAL(28,10)) AS change, billing_currency
FROM cost_drivers
WHERE billing_period = $period AND scope = 'model' AND name = $named
GROUP BY driver, service_code, billing_currency
HAVING sum(change) <> 0
ORDER BY abs(sum(change)) DESC, driver, service_code, billing_currency
