-- How does each application's budget stand?
WITH budget(model, amount) AS (VALUES ('churn', 150.00), ('fraud', 20.00))

SELECT model, any_value(amount) AS amount, sum(billed_cost) AS billed_cost,
    any_value(amount) - sum(billed_cost) AS left_over
FROM budget
JOIN attributed_costs USING (model)
WHERE billing_period = '2026-10' AND billing_currency = 'USD'
GROUP BY model
ORDER BY left_over
