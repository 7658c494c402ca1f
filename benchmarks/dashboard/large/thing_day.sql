-- A row for each resource and day that it is billed, of the month and the one before; in 36 months 5 million.
SELECT thing.*, CAST(day AS DATE) AS day, strftime(day, '%Y-%m') AS month,
    CAST(daily_cost * (90 + hash(number, CAST(day AS DATE)) % 20) / 100 AS DECIMAL(28,10)) AS cost
FROM thing
JOIN generate_series(
    CAST($billing_period || '-01' AS TIMESTAMP) - INTERVAL 1 MONTH,
    CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH - INTERVAL 1 DAY, INTERVAL 1 DAY
) AS each(day) ON day BETWEEN first_day AND first_day + 499
