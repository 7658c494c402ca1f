-- evidence_gaps of a month by what would mend them, the dearest first; what is only shared, or used by nobody, last.
SELECT dimension, reason,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost, billing_currency,
    statement, mend, arg_max(service_code, (abs(effective_cost), service_code)) AS largest_service,
    -- Of the same row as the service, so also NULL.
    arg_max({'resource': largest_resource}, (abs(effective_cost), service_code)).resource AS largest_resource,
    list_sort(list(DISTINCT account_id)) AS accounts, CAST(sum(resources) AS BIGINT) AS resources
FROM evidence_gaps
WHERE billing_period = $period AND ($dimension IS NULL OR dimension = $dimension)
GROUP BY dimension, reason, about, statement, mend, billing_currency
ORDER BY list_position(['model', 'team', 'environment'], dimension), billing_currency,
    reason IN ('shared', 'unused commitment'), abs(sum(effective_cost)) DESC, statement
