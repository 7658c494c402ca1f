-- The hourly fee of each savings plan: what was committed, what of it was used.
INSERT INTO rows BY NAME
SELECT
    fee.line,
    hour AS begins,
    hour + 3600 AS ends,
    10000000000 AS quantity,
    plan.recurring AS unblended,
    plan.recurring AS public,
    plan.commitment - coalesce(used.effective, 0) AS effective,
    plan.commitment AS commitment_total,
    coalesce(used.effective, 0) AS commitment_used
FROM plans AS plan
JOIN lines AS fee ON fee.line_item_type = 'SavingsPlanRecurringFee' AND fee.covered_by = plan.arn
CROSS JOIN LATERAL (SELECT unnest(range(fee.begins, fee.ends, 3600)) AS hour)
LEFT JOIN hourly_use AS used ON used.covered_by = plan.arn AND used.begins = hour;
