-- How much of the cost in scope carries each required tag, month by month, and what can carry none.
SELECT
    billing_period, tag, sum(resources) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(compliant_cost) AS DECIMAL(28,10)) AS compliant_cost,
    CAST(sum(wrong_cost) AS DECIMAL(28,10)) AS wrong_cost,
    CAST(sum(missing_cost) AS DECIMAL(28,10)) AS missing_cost,
    CAST(sum(unactivated_cost) AS DECIMAL(28,10)) AS unactivated_cost,
    CAST(sum(untaggable_cost) AS DECIMAL(28,10)) AS untaggable_cost, billing_currency
FROM tag_compliance
WHERE billing_period <= $period
GROUP BY billing_period, tag, billing_currency
ORDER BY tag, billing_period
