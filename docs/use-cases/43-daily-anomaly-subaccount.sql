-- On which days did an account cost more than twice its usual?
WITH daily AS (
    SELECT CAST(charge_period_start AS DATE) AS day, sub_account_id, billing_currency,
        sum(effective_cost) AS effective_cost
    FROM line_items
    WHERE billing_period = '2026-10' AND charge_category = 'Usage' AND NOT is_split_cost
    GROUP BY ALL
),

usual AS (
    SELECT sub_account_id, billing_currency, median(effective_cost) AS usual
    FROM daily
    GROUP BY ALL
    HAVING count(*) >= 7
)

SELECT day, sub_account_id, effective_cost, usual, billing_currency
FROM daily
JOIN usual USING (sub_account_id, billing_currency)
WHERE effective_cost > 2 * usual AND effective_cost - usual > 5
ORDER BY effective_cost - usual DESC
