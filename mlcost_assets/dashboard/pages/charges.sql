-- What was billed, by resource and usage type, and whose it is: the charges of the month in this view.
SELECT resource_id, service_code, usage_type, model, team, environment, stage, method,
    min(confidence) AS least_confidence, CAST(sum(amount) AS DECIMAL(28,10)) AS cost, count(*) AS days_and_parts,
    min(evidence_id) AS evidence_id, billing_currency
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM attributed_costs
    WHERE billing_period = $period AND ($model IS NULL OR model = $model) AND ($team IS NULL OR team = $team)
        AND ($environment IS NULL OR environment = $environment)
        AND ($stage IS NULL OR list_contains(string_split($stage, ','), stage))
        AND ($account IS NULL OR account_id = $account) AND ($payer IS NULL OR billing_account_id = $payer)
        AND ($currency IS NULL OR billing_currency = $currency) AND ($is_ml IS NULL OR is_ml = CAST($is_ml AS BOOLEAN))
        AND ($project IS NULL OR project = $project) AND ($commitment IS NULL OR commitment_id = $commitment)
        AND (NOT list_contains(CAST($unknown AS VARCHAR[]), 'model') OR model IS NULL)
        AND (NOT list_contains(CAST($unknown AS VARCHAR[]), 'team') OR team IS NULL)
        AND (NOT list_contains(CAST($unknown AS VARCHAR[]), 'environment') OR environment IS NULL)
        AND (NOT list_contains(CAST($unknown AS VARCHAR[]), 'project') OR project IS NULL)
        AND (NOT list_contains(CAST($unknown AS VARCHAR[]), 'stage') OR stage IS NULL)
)
GROUP BY resource_id, service_code, usage_type, model, team, environment, stage, method, billing_currency
ORDER BY cost DESC, resource_id, usage_type, model, team, environment, stage, method, billing_currency
