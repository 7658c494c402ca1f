-- Shared machines whose consumers together pay more or less by another basis than by ours.
WITH machine AS (
    SELECT billing_period, resource_key, instance_type, billing_currency, sum(ours) AS ours,
        unnest(['AWS', 'OpenCost', 'fixed weights']) AS basis,
        unnest([sum(aws_split_cost), sum(opencost), sum(fixed_weights)]) AS cost
    FROM basis_sensitivity
    WHERE list_contains($periods, billing_period) AND unknown_because IS NULL
    GROUP BY billing_period, resource_key, instance_type, billing_currency
)

SELECT billing_period, resource_key, instance_type, billing_currency, basis,
    CAST(coalesce(cost, 0) - ours AS DECIMAL(28,10)) AS off_by
FROM machine
WHERE cost IS DISTINCT FROM ours
ORDER BY ALL
