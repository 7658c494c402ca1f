-- Which share of the cost carries a tag?
-- `tag_compliance` says the same by account, team and service, whatever the spelling of the key.
SELECT billing_period,
    round(100 * sum(effective_cost) FILTER (tags['model'] IS NOT NULL) / sum(effective_cost), 1) AS model_percent,
    round(100 * sum(effective_cost) FILTER (tags['team'] IS NOT NULL) / sum(effective_cost), 1) AS team_percent,
    billing_currency
FROM line_items
WHERE effective_cost > 0 AND charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, billing_currency DESC
