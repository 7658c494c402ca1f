-- Off outside working hours: what is not production is rarely asked for at night.
--
-- high: it also stays on in every other hour in which it was asked for, and all the time where its load is not known.
WITH machine AS (
    FROM rented_machines
    WHERE mode IN ('real-time', 'asynchronous', 'notebook')
),

calendar AS (
    SELECT resource_key, billing_currency, opens, closes, zone,
        is_working_hour(hour, zone, opens, closes) AS is_open, hour
    FROM (
        SELECT resource_key, billing_currency, unnest(generate_series(CAST(first_day AS TIMESTAMP),
            CAST(last_day AS TIMESTAMP) + INTERVAL 23 HOUR, INTERVAL 1 HOUR)) AS hour
        FROM machine
    )
    CROSS JOIN whatif_options
),

counted AS (
    SELECT resource_key, billing_currency, count(*) FILTER (is_open) AS open_hours,
        count(*) FILTER (NOT is_open AND endpoint_hours.requests > 0) AS asked_hours,
        CAST(coalesce(sum(endpoint_hours.requests) FILTER (NOT is_open), 0) AS BIGINT) AS requests_outside
    FROM calendar
    LEFT JOIN endpoint_hours USING (resource_key, hour)
    GROUP BY resource_key, billing_currency
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'schedule' AS scenario, NULL AS target,
    cost_of_hours(instance_cost, open_hours * instances, instance_hours) + storage_cost + other_cost AS cost_low,
    cost_low AS cost_expected,
    CASE WHEN mode <> 'notebook' AND measured_days = 0 THEN current_cost
         ELSE cost_of_hours(instance_cost, (open_hours + asked_hours) * instances, instance_hours) + storage_cost
            + other_cost END AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CASE WHEN measured_days > 0 THEN requests_outside END AS failed_requests,
    CASE WHEN measured_days > 0 THEN 'measured' ELSE 'ratio' END AS basis,
    CASE
        WHEN environment IS NULL THEN 'its environment is not known, so it may be production'
        WHEN environment = 'prod' THEN 'it is production, and a schedule refuses whoever asks outside working hours'
    END AS refused_because,
    [
        assumed('working hours', format('Monday to Friday, {} to {} o''clock, {}', opens, closes, zone), 'option'),
        assumed('hours on', format('{} of {}', open_hours, days * 24), 'calendar'),
        assumed('hours outside in which it was asked for',
            CASE WHEN measured_days > 0 THEN CAST(asked_hours AS VARCHAR) ELSE 'not known' END, 'CloudWatch'),
        assumed('what it costs while off', 'storage, as now', 'AWS deletes an endpoint''s disk with it: a little less')
    ] AS assumptions
FROM machine
JOIN counted USING (resource_key, billing_currency)
CROSS JOIN whatif_options
