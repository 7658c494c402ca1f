-- The same hours on another type of machine, which the user names; on Graviton, which has the same sizes, by itself.
--
-- Whether it answers as fast is not in the data: `latency_ratio` tells, else it is taken to. low and expected: hours
-- grow or shrink by that. high: whole machines.
WITH named AS (
    SELECT rented_machines.*, whatif_options.target_type AS target, 'instance-type' AS scenario
    FROM rented_machines
    CROSS JOIN whatif_options
    WHERE whatif_options.target_type IS NOT NULL AND mode IN ('real-time', 'asynchronous', 'notebook')
),

-- ml.m5.xlarge is ml.m6g.xlarge or ml.m7g.xlarge on Graviton: the cheapest of which a price is known.
graviton AS (
    SELECT rented_machines.*, min_by(split_part(usage, ':', 2), (price, usage)) AS target, 'graviton' AS scenario
    FROM rented_machines
    LEFT JOIN unit_prices ON unit_prices.region_id = rented_machines.region_id AND terms = 'on demand'
        AND unit_prices.billing_currency = rented_machines.billing_currency
        AND regexp_matches(usage, concat('^Host:ml\.', regexp_extract(instance_type, '^ml\.([mcr])[0-9]', 1),
            '[678]gd?\.', split_part(instance_type, '.', 3), '$'))
        AND regexp_matches(instance_type, '^ml\.[mcr][0-9]')
    WHERE mode = 'real-time' AND NOT regexp_matches(coalesce(instance_type, ''), '^ml\.[a-z]+[0-9]+gd?\.')
    GROUP BY ALL
),

machine AS (
    SELECT every.*, runs || ':' || target AS usage, coalesce(rate, price) AS new_price, rate IS NOT NULL AS is_told,
        told_on(source, priced_on) AS source, latency_ratio, coalesce(latency_ratio, 1) AS ratio
    FROM (
        FROM named
        UNION ALL
        FROM graviton
    ) AS every
    CROSS JOIN whatif_options
    CROSS JOIN LATERAL (
        SELECT CASE mode
            WHEN 'notebook' THEN 'Notebk'
            WHEN 'asynchronous' THEN 'AsyncInf'
            ELSE 'Host'
        END AS runs
    )
    LEFT JOIN unit_prices ON unit_prices.usage = runs || ':' || target AND terms = 'on demand'
        AND unit_prices.region_id = every.region_id AND unit_prices.billing_currency = every.billing_currency
)

SELECT resource_key, billing_currency, [resource_key] AS resources, scenario, target,
    priced(new_price, instance_hours * ratio) + storage_cost + other_cost AS cost_low, cost_low AS cost_expected,
    scaled(priced(new_price, instance_hours), CAST(ceil(instances * ratio) AS BIGINT), instances) + storage_cost
        + other_cost AS cost_high,
    NULL AS delayed_requests, NULL AS failed_requests, 'ratio' AS basis,
    CASE
        WHEN instance_type IS NULL THEN 'it runs on several instance types: ' || array_to_string(instance_types, ', ')
        WHEN scenario = 'graviton' AND is_accelerated(instance_type)
            THEN 'it has an accelerator (' || instance_type || '), which no Graviton type has at that price'
        WHEN target IS NULL THEN 'no price of a Graviton type of that size in ' || region_id || ' is known'
        WHEN new_price IS NULL THEN 'neither the bill nor the dated prices tell what ' || usage || ' costs in '
            || region_id
    END AS refused_because,
    [
        assumed('price of an instance hour', bare(new_price), CASE WHEN is_told THEN 'option' ELSE source END),
        assumed('time that it takes for a request', bare(ratio) || ' of now', CASE WHEN latency_ratio IS NULL
            THEN 'assumption: nothing measured it' ELSE 'option' END),
        assumed('model and container', CASE
            WHEN accelerator_kind(target) IN ('Inferentia', 'Trainium') THEN 'are compiled with AWS Neuron'
            WHEN regexp_matches(target, '^ml\.[a-z]+[0-9]+gd?\.') THEN 'are built for arm64'
            ELSE 'run there as they are'
        END, 'AWS')
    ] AS assumptions
FROM machine
