-- How much of the cost that can carry a required tag carries it, by account, team and service.
SELECT tag, account_id, team, service_group, resources, effective_cost, compliant_cost, wrong_cost, missing_cost,
    unactivated_cost, billing_currency
FROM tag_compliance
WHERE billing_period = $period AND ($team IS NULL OR team = $team)
ORDER BY missing_cost + wrong_cost DESC, tag, account_id, team, service_group, billing_currency
