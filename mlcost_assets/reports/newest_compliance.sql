-- Of the newest month: the share of the cost in scope that carries each required tag, and for each account, team and
-- group of services what lacks it, currencies apart. A ratio for a threshold.
SELECT billing_period, tag, sum(sum(compliant_cost)) OVER each_tag / sum(sum(effective_cost)) OVER each_tag AS share,
    account_id, team, service_group, sum(wrong_cost + missing_cost) AS lacking_cost, billing_currency
FROM tag_compliance
WHERE effective_cost > 0 AND billing_period = (SELECT max(billing_period) FROM tag_compliance)
GROUP BY billing_period, tag, account_id, team, service_group, billing_currency
WINDOW each_tag AS (PARTITION BY tag, billing_currency)
ORDER BY share, tag, lacking_cost DESC, account_id, team, service_group
