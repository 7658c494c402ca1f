-- Days on which gpu_usage has more machine hours of an instance type than the bill; where none of its hours is unknown,
-- any other number than the bill's.
WITH billed AS (
    SELECT billing_period, charge_date, machine_of(usage_type) AS instance_type, billing_currency,
        coalesce(sum(usage_quantity), 0) AS hours
    FROM daily_charges
    WHERE list_contains($periods, billing_period) AND has_accelerators(machine_of(usage_type))
        AND charge_category = 'Usage' AND (
            service_code = 'AmazonSageMaker' AND contains(usage_type, 'ml.')
            OR service_code = 'AmazonEC2' AND regexp_matches(usage_type, '(Box|Spot|Dedicated)Usage:')
        )
    GROUP BY ALL
),

counted AS (
    SELECT billing_period, charge_date, instance_type, billing_currency, coalesce(sum(instance_hours), 0) AS hours,
        count(*) = count(instance_hours) AS is_complete,
        coalesce(sum(accelerator_hours), 0) > coalesce(sum(instance_hours), 0) * max(accelerators) AS too_many
    FROM gpu_usage
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
)

SELECT billing_period, charge_date, instance_type, billing_currency,
    CAST(coalesce(counted.hours, 0) AS DECIMAL(28,10)) AS counted_hours,
    CAST(coalesce(billed.hours, 0) AS DECIMAL(28,10)) AS billed_hours
FROM billed
FULL JOIN counted USING (billing_period, charge_date, instance_type, billing_currency)
WHERE coalesce(counted.hours, 0) > coalesce(billed.hours, 0) OR too_many
    OR coalesce(is_complete, true) AND coalesce(counted.hours, 0) <> coalesce(billed.hours, 0)
ORDER BY ALL
