-- How much of what can carry a required tag carries it in the bill, and rightly: tag_states, counted.
SELECT
    billing_period, account_id, team, service_code, tag,
    count(*) FILTER (state <> 'cannot carry tags') AS resources,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    count(*) FILTER (state = 'compliant') AS compliant_resources,
    CAST(coalesce(sum(effective_cost) FILTER (state = 'compliant'), 0) AS DECIMAL(28,10)) AS compliant_cost,
    billing_currency, service_group,
    count(*) FILTER (state = 'wrong') AS wrong_resources,
    CAST(coalesce(sum(effective_cost) FILTER (state = 'wrong'), 0) AS DECIMAL(28,10)) AS wrong_cost,
    count(*) FILTER (state IN ('missing', 'not in the bill')) AS missing_resources,
    CAST(
        coalesce(sum(effective_cost) FILTER (state IN ('missing', 'not in the bill')), 0) AS DECIMAL(28,10)
    ) AS missing_cost,
    count(*) FILTER (state = 'not in the bill') AS unactivated_resources,
    CAST(coalesce(sum(effective_cost) FILTER (state = 'not in the bill'), 0) AS DECIMAL(28,10)) AS unactivated_cost,
    CAST(sum(untaggable_cost) AS DECIMAL(28,10)) AS untaggable_cost
FROM tag_states
WHERE billing_period = $billing_period
GROUP BY ALL
