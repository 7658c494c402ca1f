-- The share of the newest month's cost in scope that carries each required tag, the worst first. A ratio for a threshold.
SELECT billing_period, tag, sum(compliant_cost) / sum(effective_cost) AS share
FROM tag_compliance
WHERE effective_cost > 0 AND billing_period = (SELECT max(billing_period) FROM tag_compliance)
GROUP BY billing_period, tag
ORDER BY share, tag
