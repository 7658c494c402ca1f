-- What has been spent since the last full day of the bill, by what runs: an estimate, and no bill.
SELECT billing_currency, CAST(sum(estimated_cost) AS DECIMAL(28,10)) AS estimated, min(billed_until) AS billed_until,
    max(as_of) AS as_of
FROM live_costs
WHERE billing_currency IS NOT NULL
GROUP BY billing_currency
ORDER BY billing_currency
