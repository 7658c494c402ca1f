-- Which services grew, which shrank?
WITH monthly AS (
    SELECT billing_period, service_name, billing_currency, sum(effective_cost) AS effective_cost
    FROM line_items
    WHERE NOT is_split_cost
    GROUP BY ALL
)

SELECT billing_period, service_name, effective_cost,
    effective_cost
        - lag(effective_cost) OVER (PARTITION BY service_name, billing_currency ORDER BY billing_period) AS change,
    billing_currency
FROM monthly
ORDER BY billing_period DESC, abs(change) DESC NULLS LAST, service_name
