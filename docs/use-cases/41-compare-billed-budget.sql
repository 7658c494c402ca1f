-- Does an account stay within its budget for what it used in the month?
-- By charge period, so that corrections of earlier months stay out.
WITH budget(sub_account_id, amount) AS (VALUES ('222222222222', 500.00), ('333333333333', 60.00))

SELECT sub_account_id, any_value(sub_account_name) AS sub_account_name, any_value(amount) AS amount,
    sum(billed_cost) AS billed_cost,
    sum(billed_cost) > any_value(amount) AS over_budget
FROM budget
JOIN line_items USING (sub_account_id)
WHERE charge_category = 'Usage' AND charge_period_start >= '2026-10-01' AND charge_period_end <= '2026-11-01'
    AND NOT is_split_cost
GROUP BY sub_account_id
ORDER BY sub_account_id
