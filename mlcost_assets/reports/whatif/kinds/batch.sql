-- All requests of a day in one transform job, for whoever can wait a day.
--
-- low: a machine answers more than it did in its busiest hour, by how little it was used, and starts in no time.
-- expected: as it did then, and each day's job takes ten minutes to start. high: with the reserve besides.
WITH machine AS (
    SELECT rented_machines.*, job.price AS job_price, host.price AS host_price, reserve_percent,
        CASE WHEN job.price IS NULL THEN 'real-time inference: ' || told_on(host.source, host.priced_on)
             ELSE 'batch transform: ' || told_on(job.source, job.priced_on) END AS told_by,
        load_is_unknown(rented_machines) AS unknown,
        CAST(requests * instances * days / nullif(measured_days * peak_requests, 0) AS DECIMAL(28,10)) AS hours
    FROM rented_machines
    CROSS JOIN whatif_options
    LEFT JOIN unit_prices AS job ON job.usage = 'Tsform:' || instance_type AND job.terms = 'on demand'
        AND job.region_id = rented_machines.region_id AND job.billing_currency = rented_machines.billing_currency
    LEFT JOIN unit_prices AS host ON host.usage = 'Host:' || instance_type AND host.terms = 'on demand'
        AND host.region_id = rented_machines.region_id AND host.billing_currency = rented_machines.billing_currency
    WHERE mode IN ('real-time', 'asynchronous')
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'batch' AS scenario, 'a job a day' AS target,
    priced(price, hours * used_of(peak_use) / 1000) AS cost_low,
    priced(price, hours + days / 6) AS cost_expected,
    priced(price, hours * 100 / (100 - reserve_percent) + days / 6) AS cost_high,
    requests AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests,
    CASE WHEN job_price IS NULL THEN 'ratio' ELSE 'measured' END AS basis,
    CASE
        WHEN unknown IS NOT NULL THEN unknown
        WHEN regexp_matches(instance_type, '^ml\.p[45]') AND job_price IS NULL
            THEN 'no price of batch transform on ' || instance_type || ' is known, and AWS may have none'
        WHEN price IS NULL THEN 'neither the bill nor the dated prices tell what ' || instance_type || ' costs in '
            || region_id
    END AS refused_because,
    [
        assumed('instance hours of the work', round(hours, 2), 'requests / most requests of one instance in an hour'),
        assumed('start of a job', '10 minutes a day; none in low', 'assumption'),
        assumed('price of an instance hour', bare(price), told_by),
        assumed('Spot', 'AWS has none for batch transform', 'AWS'),
        assumed('answers', 'come once a day', 'assumption')
    ] AS assumptions
FROM machine
CROSS JOIN LATERAL (SELECT coalesce(job_price, host_price) AS price)
