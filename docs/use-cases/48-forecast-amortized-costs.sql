-- What will services cost next month with commitments spread over their use?
WITH monthly AS (
    SELECT service_category, service_name, billing_currency,
        date_diff('month', DATE '2026-01-01', billing_period_start) AS month, sum(effective_cost) AS effective_cost
    FROM line_items
    WHERE charge_category <> 'Purchase' AND NOT is_split_cost
    GROUP BY ALL
)

SELECT service_category, service_name, sum(effective_cost) FILTER (month = 9) AS october,
    round(
        coalesce(
            regr_intercept(effective_cost, month) + 10 * regr_slope(effective_cost, month), any_value(effective_cost)
        ),
        2
    ) AS november_if_it_goes_on,
    billing_currency
FROM monthly
GROUP BY ALL
ORDER BY november_if_it_goes_on DESC
