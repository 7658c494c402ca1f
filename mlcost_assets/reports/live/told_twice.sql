-- Payers of whom hours are estimated that the bill tells as well, or that cost less than nothing. Of a bill only its
-- newest day may still grow, so no estimate stands before that.
SELECT billing_account_id, count(*) FILTER (hour < newest_day) AS billed_too, min(hour) AS first_hour,
    count(*) FILTER (estimated_cost < 0) AS negative
FROM live_costs
LEFT JOIN (
    SELECT billing_account_id, CAST(max(charge_date) AS TIMESTAMP) AS newest_day
    FROM daily_charges
    WHERE charge_category = 'Usage'
    GROUP BY billing_account_id
) AS bill USING (billing_account_id)
GROUP BY billing_account_id
HAVING billed_too > 0 OR negative > 0
