-- Serverless inference: paid for by the second of computing and the memory, nothing while nobody asks.
--
-- low: the smallest memory that AWS has, or as told. expected and high: the largest, or as told.
WITH machine AS (
    SELECT rented_machines.* EXCLUDE (latency_ms), coalesce(told_latency_ms, latency_ms)
            AS latency_ms,
        told_latency_ms IS NOT NULL AS latency_is_told, memory_mb, rate,
        CAST(ceil(coalesce(memory_mb, 1024) / 1024) AS BIGINT) AS least_gb,
        CAST(ceil(coalesce(memory_mb, 6144) / 1024) AS BIGINT) AS most_gb
    FROM rented_machines
    CROSS JOIN whatif_options
    WHERE mode = 'real-time'
),

-- AWS's price is in proportion to the memory, so one size tells the others; a size's own price goes first.
of_size AS (
    SELECT region_id, billing_currency, unnest(range(1, 7)) AS gb, known.gb AS known_gb, price,
        told_on(source, priced_on) AS source
    FROM (
        SELECT *, CAST(regexp_extract(usage, '([0-9]+)GB$', 1) AS BIGINT) AS gb
        FROM unit_prices
        WHERE regexp_matches(usage, '^ServerlessInf:Mem-[1-6]GB$') AND terms = 'on demand'
    ) AS known
),

priced AS (
    SELECT region_id, billing_currency, gb,
        max_by(scaled(price, gb, known_gb), (gb = known_gb, known_gb)) AS price,
        max_by(source, (gb = known_gb, known_gb)) AS source, bool_or(gb = known_gb) AS is_exact
    FROM of_size
    GROUP BY region_id, billing_currency, gb
),

measured AS (
    SELECT machine.*, coalesce(rate, small.price) AS least_price, coalesce(rate, large.price) AS most_price,
        rate IS NULL AND small.is_exact AND large.is_exact AS is_exact,
        CASE WHEN rate IS NULL THEN large.source ELSE 'option' END AS source,
        CAST(ceil(peak_requests * latency_ms / 3600000) AS BIGINT) AS concurrency,
        CAST(requests * latency_ms / 1000 * days / nullif(measured_days, 0) AS DECIMAL(28,10)) AS seconds
    FROM machine
    LEFT JOIN priced AS small ON small.region_id = machine.region_id AND small.gb = least_gb
        AND small.billing_currency = machine.billing_currency
    LEFT JOIN priced AS large ON large.region_id = machine.region_id AND large.gb = most_gb
        AND large.billing_currency = machine.billing_currency
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'serverless' AS scenario,
    CASE WHEN least_gb = most_gb THEN most_gb * 1024 || ' MB' ELSE '1024 to 6144 MB' END AS target,
    priced(least_price, seconds) + other_cost AS cost_low, priced(most_price, seconds) + other_cost AS cost_expected,
    priced(most_price, seconds) + other_cost AS cost_high,
    wakes AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests,
    CASE WHEN is_exact THEN 'measured' ELSE 'ratio' END AS basis,
    CASE
        WHEN is_accelerated(array_to_string(instance_types, ' '))
            THEN 'AWS has serverless inference on CPUs only, and it runs on ' || array_to_string(instance_types, ', ')
        WHEN has_components THEN 'AWS has no serverless inference for endpoints with inference components'
        WHEN multi_model THEN 'AWS has no serverless inference for multi-model endpoints'
        WHEN in_vpc THEN 'AWS has no serverless inference for a model in a VPC'
        WHEN most_gb > 6 THEN format('AWS allows 6144 MB of memory, and it needs {}', memory_mb)
        WHEN load_is_unknown(measured) IS NOT NULL THEN load_is_unknown(measured)
        WHEN latency_ms IS NULL THEN 'how long a request computes is not known: no ModelLatency is collected'
        WHEN concurrency > 200
            THEN format('AWS allows a concurrency of 200, and its busiest hour needs {} at least', concurrency)
        WHEN most_price IS NULL THEN 'neither the bill nor the dated prices tell what serverless inference costs in '
            || region_id
    END AS refused_because,
    [
        assumed('a request computes', latency_ms || ' ms, as now', CASE WHEN latency_is_told THEN 'option'
            ELSE 'CloudWatch ModelLatency' END),
        assumed('seconds in the time', round(seconds, 1), 'requests × latency'),
        assumed('price of a second', bare(most_price), source),
        assumed('memory', CASE WHEN memory_mb IS NULL THEN 'not known: low has 1024 MB, the others 6144 MB'
            ELSE memory_mb || ' MB' END, 'option'),
        assumed('requests that wait for a cold start', wakes || ' at least: once in each hour after one without',
            'CloudWatch')
    ] AS assumptions
FROM measured
