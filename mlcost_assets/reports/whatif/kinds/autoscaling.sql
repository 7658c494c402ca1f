-- As many instances as each hour needs, by what one instance answered in the busiest hour.
--
-- low: an instance answers more than it did then, by how little it was used. expected: as then, with a reserve. high:
-- and never fewer than two, one for each of two zones.
WITH machine AS (
    SELECT * FROM rented_machines WHERE mode IN ('real-time', 'asynchronous')
),

needed AS (
    SELECT resource_key, machine.billing_currency,
        sum(machines_for(hours.requests, instances, peak_requests, used_of(peak_use), 0)) AS low,
        sum(machines_for(hours.requests, instances, peak_requests, 1000, reserve_percent)) AS expected,
        sum(greatest(least(2, instances),
            machines_for(hours.requests, instances, peak_requests, 1000, reserve_percent))) AS high
    FROM machine
    JOIN endpoint_hours AS hours USING (resource_key)
    CROSS JOIN whatif_options
    WHERE hours.requests > 0
    GROUP BY resource_key, machine.billing_currency
),

-- Hours without requests keep one instance (high: two); days that were not measured are taken to be like the others.
kept AS (
    SELECT machine.*, reserve_percent, load_is_unknown(machine) AS unknown,
        (low + quiet_hours) * days / measured_days AS low_hours,
        (expected + quiet_hours) * days / measured_days AS expected_hours,
        (high + quiet_hours * least(2, instances)) * days / measured_days AS high_hours
    FROM machine
    LEFT JOIN needed USING (resource_key, billing_currency)
    CROSS JOIN whatif_options
    CROSS JOIN LATERAL (SELECT measured_days * 24 - busy_hours AS quiet_hours)
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'autoscaling' AS scenario, NULL AS target,
    cost_of_hours(instance_cost, low_hours, instance_hours) + storage_cost + other_cost AS cost_low,
    cost_of_hours(instance_cost, expected_hours, instance_hours) + storage_cost + other_cost AS cost_expected,
    cost_of_hours(instance_cost, high_hours, instance_hours) + storage_cost + other_cost AS cost_high,
    NULL AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests, 'measured' AS basis,
    CASE WHEN unknown IS NULL AND instances <= 1
         THEN 'it has one instance, the least that an endpoint keeps; without inference components none goes to zero'
         ELSE unknown END AS refused_because,
    [
        assumed('instances now', instances, 'bill: most instance hours of a day / 24'),
        assumed('most requests of one instance in an hour', peak_requests // instances, 'CloudWatch, busiest hour'),
        assumed('used in its busiest hour', coalesce(round(peak_use * 100, 1) || ' % or less', 'not known'),
            'CloudWatch'),
        assumed('reserve', reserve_percent || ' %', 'option'),
        assumed('requests that wait while an instance starts', 'not counted: several minutes at every rise', 'AWS')
    ] AS assumptions
FROM kept
