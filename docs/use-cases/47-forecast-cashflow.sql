-- What will be billed next month if services go on as they did?
-- By straight line; purchases for the future count when they are paid.
WITH monthly AS (
    SELECT service_category, service_name, billing_currency,
        date_diff('month', DATE '2026-01-01', billing_period_start) AS month, sum(billed_cost) AS billed_cost
    FROM line_items
    WHERE NOT is_split_cost
    GROUP BY ALL
)

SELECT service_category, service_name, sum(billed_cost) FILTER (month = 9) AS october,
    round(
        coalesce(regr_intercept(billed_cost, month) + 10 * regr_slope(billed_cost, month), any_value(billed_cost)), 2
    ) AS november_if_it_goes_on,
    billing_currency
FROM monthly
GROUP BY ALL
ORDER BY november_if_it_goes_on DESC
