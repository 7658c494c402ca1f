-- Shared machines whose consumers together pay more or less by another basis than by ours.
WITH machine AS (
    SELECT billing_period, resource_key, instance_type, billing_currency, sum(ours) AS ours, sum(aws_split_cost) AS aws,
        sum(opencost) AS opencost, sum(fixed_weights) AS fixed
    FROM basis_sensitivity
    WHERE list_contains($periods, billing_period) AND unknown_because IS NULL
    GROUP BY ALL
)

SELECT billing_period, resource_key, instance_type, billing_currency, basis, CAST(cost - ours AS DECIMAL(28,10)) AS off_by
FROM (
    UNPIVOT INCLUDE NULLS machine ON aws, opencost, fixed INTO NAME basis VALUE cost
)
WHERE cost IS DISTINCT FROM ours
ORDER BY ALL
