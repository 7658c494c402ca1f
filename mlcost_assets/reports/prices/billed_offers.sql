-- Which price lists tell of what the bill of the last two months has: services of which somebody asks for prices, where
-- they were used, and in what the bill is paid.
SELECT DISTINCT service_code, region_id, billing_currency
FROM daily_charges
WHERE list_contains($services, service_code) AND region_id <> '' AND charge_category = 'Usage'
    AND billing_period >= strftime((SELECT max(charge_date) FROM daily_charges) - INTERVAL 60 DAY, '%Y-%m')
ORDER BY ALL
