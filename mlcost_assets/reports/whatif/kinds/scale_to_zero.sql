-- A real-time endpoint without instances in hours without requests, which AWS allows for inference components only.
--
-- low, expected, high: as in async.sql. What is asked for while nothing runs is refused, until an instance has started.
WITH machine AS (
    FROM rented_machines
    WHERE mode = 'real-time'
),

needed AS (
    SELECT resource_key, machine.billing_currency,
        sum(machines_for(hours.requests, instances, peak_requests, 1000, reserve_percent)) AS busy
    FROM machine
    JOIN endpoint_hours AS hours USING (resource_key)
    CROSS JOIN whatif_options
    WHERE hours.requests > 0
    GROUP BY resource_key, machine.billing_currency
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'scale-to-zero' AS scenario, NULL AS target,
    cost_of_hours(instance_cost, busy * days / measured_days, instance_hours) + storage_cost + other_cost AS cost_low,
    cost_of_hours(instance_cost, (busy + wakes / 2) * days / measured_days, instance_hours) + storage_cost + other_cost
        AS cost_expected,
    cost_of_hours(instance_cost, (busy + wakes) * days / measured_days, instance_hours) + storage_cost + other_cost
        AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, wake_requests AS failed_requests, 'measured' AS basis,
    CASE WHEN NOT has_components
         THEN 'AWS lets a real-time endpoint go to zero only where it serves inference components, and it serves none'
         ELSE load_is_unknown(machine) END AS refused_because,
    [
        assumed('busy hours', format('{} of {}', busy_hours, measured_days * 24), 'CloudWatch'),
        assumed('times that it wakes', wakes, 'CloudWatch: hours with requests after one without'),
        assumed('requests that fail', wake_requests || ' at most: all of the hours in which it wakes', 'CloudWatch')
    ] AS assumptions
FROM machine
LEFT JOIN needed USING (resource_key, billing_currency)
