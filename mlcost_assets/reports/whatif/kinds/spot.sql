-- The same work as daily jobs on Spot capacity, outside SageMaker's endpoints and batch transform, which have none.
--
-- Prices are what this bill paid: for the type itself in EC2, else in managed Spot training, else by what all Spot
-- capacity of the region cost of its list price. low, expected, high: as in batch.sql.
WITH paid AS (
    SELECT region_id, billing_currency, usage, price, paid_of_list, priced_on,
        told_on(source, priced_on) AS source
    FROM unit_prices
    WHERE terms = 'spot'
),

usual AS (
    SELECT region_id, billing_currency, min(paid_of_list) AS least, max(paid_of_list) AS most,
        max_by(priced_on, (paid_of_list, priced_on)) AS priced_on
    FROM paid
    WHERE paid_of_list > 0 AND paid_of_list <= 1
    GROUP BY region_id, billing_currency
),

machine AS (
    SELECT rented_machines.*, reserve_percent, load_is_unknown(rented_machines) AS unknown,
        coalesce(ec2.price, training.price) AS type_price,
        coalesce(ec2.price, training.price, priced(host.price, most)) AS price,
        coalesce(ec2.price, training.price, priced(host.price, least)) AS least_price,
        CASE WHEN ec2.price IS NOT NULL THEN 'EC2 Spot: ' || ec2.source
             WHEN training.price IS NOT NULL THEN 'managed Spot training: ' || training.source
             ELSE concat('the dearest part of list price that this bill paid for Spot (', usual.priced_on, ') of ',
                told_on(host.source, host.priced_on)) END AS told_by,
        CAST(requests * instances * days / nullif(measured_days * peak_requests, 0) AS DECIMAL(28,10)) AS hours
    FROM rented_machines
    CROSS JOIN whatif_options
    LEFT JOIN paid AS ec2 ON ec2.usage = 'SpotUsage:' || regexp_replace(instance_type, '^ml\.', '')
        AND ec2.region_id = rented_machines.region_id AND ec2.billing_currency = rented_machines.billing_currency
    LEFT JOIN paid AS training ON training.usage = 'TrSpt:' || instance_type
        AND training.region_id = rented_machines.region_id
        AND training.billing_currency = rented_machines.billing_currency
    LEFT JOIN unit_prices AS host ON host.usage = 'Host:' || instance_type AND host.terms = 'on demand'
        AND host.region_id = rented_machines.region_id AND host.billing_currency = rented_machines.billing_currency
    LEFT JOIN usual ON usual.region_id = rented_machines.region_id
        AND usual.billing_currency = rented_machines.billing_currency
    WHERE mode IN ('real-time', 'asynchronous')
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'spot' AS scenario,
    'a job a day on EC2, EKS or AWS Batch' AS target,
    priced(least_price, hours * used_of(peak_use) / 1000) AS cost_low,
    priced(price, hours + days / 6) AS cost_expected,
    priced(price, hours * 100 / (100 - reserve_percent) + days / 6) AS cost_high,
    requests AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests,
    CASE WHEN type_price IS NULL THEN 'ratio' ELSE 'measured' END AS basis,
    CASE WHEN unknown IS NOT NULL THEN unknown
         WHEN price IS NULL THEN 'this bill has no Spot charge in ' || region_id || ' that tells a price'
    END AS refused_because,
    [
        assumed('Spot', 'AWS has none for SageMaker endpoints and batch transform: the work moves', 'AWS'),
        assumed('instance hours of the work', round(hours, 2), 'requests / most requests of one instance in an hour'),
        assumed('price of an instance hour', bare(price), told_by),
        assumed('work lost to interruptions', reserve_percent || ' % in high, else none', 'option'),
        assumed('answers', 'come once a day', 'assumption')
    ] AS assumptions
FROM machine
