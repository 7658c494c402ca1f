-- Asynchronous inference that goes to zero instances: paid for only in hours with requests, and while it starts.
--
-- low: nothing but busy hours. expected: half an hour more for each time it wakes and sleeps again; high: an hour.
WITH machine AS (
    FROM rented_machines
    WHERE mode IN ('real-time', 'asynchronous')
),

needed AS (
    SELECT resource_key, machine.billing_currency,
        sum(machines_for(hours.requests, instances, peak_requests, 1000, reserve_percent)) AS busy
    FROM machine
    JOIN endpoint_hours AS hours USING (resource_key)
    CROSS JOIN whatif_options
    WHERE hours.requests > 0
    GROUP BY resource_key, machine.billing_currency
),

priced AS (
    SELECT machine.*, reserve_percent, busy, load_is_unknown(machine) AS unknown,
        CASE WHEN mode = 'asynchronous' THEN host.price ELSE async.price END AS new_price, host.price AS old_price,
        told_on(async.source, async.priced_on) || '; ' || told_on(host.source, host.priced_on) AS told_by
    FROM machine
    LEFT JOIN needed USING (resource_key, billing_currency)
    LEFT JOIN unit_prices AS async ON async.usage = 'AsyncInf:' || instance_type AND async.terms = 'on demand'
        AND async.region_id = machine.region_id AND async.billing_currency = machine.billing_currency
    LEFT JOIN unit_prices AS host ON host.usage = 'Host:' || instance_type AND host.terms = 'on demand'
        AND host.region_id = machine.region_id AND host.billing_currency = machine.billing_currency
    CROSS JOIN whatif_options
),

rated AS (
    SELECT * EXCLUDE (instance_cost), coalesce(new_price IS NOT NULL AND old_price IS NOT NULL, false) AS is_priced,
        scaled(instance_cost, new_price, CASE WHEN new_price IS NOT NULL THEN old_price END) AS instance_cost
    FROM priced
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'async' AS scenario, 'scale to zero' AS target,
    cost_of_hours(instance_cost, busy * days / measured_days, instance_hours) + storage_cost + other_cost AS cost_low,
    cost_of_hours(instance_cost, (busy + wakes / 2) * days / measured_days, instance_hours) + storage_cost + other_cost
        AS cost_expected,
    cost_of_hours(instance_cost, (busy + wakes) * days / measured_days, instance_hours) + storage_cost + other_cost
        AS cost_high,
    wake_requests AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests,
    CASE WHEN is_priced OR mode = 'asynchronous' THEN 'measured' ELSE 'ratio' END AS basis,
    CASE
        WHEN has_components THEN 'AWS has no asynchronous inference for endpoints with inference components'
        WHEN variants > 1 THEN 'AWS allows one variant on an asynchronous endpoint, and it has ' || variants
        ELSE unknown
    END AS refused_because,
    [
        assumed('busy hours', format('{} of {}', busy_hours, measured_days * 24), 'CloudWatch'),
        assumed('times that it wakes', wakes, 'CloudWatch: hours with requests after one without'),
        assumed('requests that wait for it to start', wake_requests || ' at most: all of the hours in which it wakes',
            'CloudWatch'),
        assumed('price of an instance hour', CASE
            WHEN mode = 'asynchronous' THEN 'as billed'
            WHEN is_priced THEN bare(new_price) || ' instead of ' || bare(old_price)
            ELSE 'as of real-time inference: the bill has none of asynchronous'
        END, CASE WHEN is_priced AND mode <> 'asynchronous' THEN told_by ELSE 'bill' END),
        assumed('who calls it', 'takes the answer from S3, and can wait for it', 'AWS')
    ] AS assumptions
FROM rated
