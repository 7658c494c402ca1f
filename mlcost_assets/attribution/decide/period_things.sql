-- What the bill names in a period, with the hours in which it is billed.
SELECT *, CAST(first_date AS TIMESTAMP) AS starts, CAST(last_date AS TIMESTAMP) + INTERVAL 1 DAY AS ends
FROM billed_things WHERE billing_period = $billing_period
