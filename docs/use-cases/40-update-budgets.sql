-- How does the year's budget stand, month by month?
WITH monthly AS (
    SELECT billing_period, sum(billed_cost) AS billed_cost
    FROM line_items
    WHERE billing_currency = 'USD' AND NOT is_split_cost
    GROUP BY ALL
)

SELECT billing_period, billed_cost, 12000.00 - sum(billed_cost) OVER (ORDER BY billing_period) AS left_of_the_year
FROM monthly
ORDER BY billing_period
