-- What lies still in S3's standard storage, in a colder class. Only of a prefix in which nothing was written for as
-- long as the user says; whether somebody reads it is in no record.
--
-- A month has 30 days here. low: nobody reads it. expected: the part of it that the user tells is read in a month, else
-- a tenth. high: all of it is. In Intelligent-Tiering low lies in its archive instant access tier, expected in
-- infrequent access, high in frequent access: it asks nothing for reading, and what is read moves back. (Sources:
-- Amazon S3 User Guide, "Using S3 storage classes", "How S3 Intelligent-Tiering works", "Understanding your AWS billing
-- and usage reports".)
WITH class AS (
    FROM (VALUES
        ('INTELLIGENT_TIERING', 'TimedStorage-INT-AIA-ByteHrs', 'TimedStorage-INT-IA-ByteHrs',
            'TimedStorage-INT-FA-ByteHrs', NULL, 0, 'none'),
        ('STANDARD_IA', 'TimedStorage-SIA-ByteHrs', 'TimedStorage-SIA-ByteHrs', 'TimedStorage-SIA-ByteHrs',
            'Retrieval-SIA', 131072, '30 days'),
        ('GLACIER_IR', 'TimedStorage-GIR-ByteHrs', 'TimedStorage-GIR-ByteHrs', 'TimedStorage-GIR-ByteHrs',
            'Retrieval-GIR', 131072, '90 days')
    ) AS class(target, low, expected, high, retrieval, least_bytes, least_time)
),

price AS (
    -- What is read from Glacier Instant Retrieval is billed under two names.
    SELECT region_id, billing_currency,
        CASE WHEN usage = 'Retrieval-SIA-GIR' THEN 'Retrieval-GIR' ELSE usage END AS usage,
        max(price) AS price, max_by(told_on(source, priced_on), (price, priced_on, source)) AS source
    FROM unit_prices
    WHERE service_code = 'AmazonS3' AND terms = 'on demand'
    GROUP BY ALL
),

offered AS (
    SELECT stored_data.*, older_than_days, coalesce(read_ratio, 0.1) AS read_ratio, read_ratio IS NULL AS is_assumed,
        class.* EXCLUDE (low, expected, high), now.price AS now_price, low.price AS low_price,
        expected.price AS expected_price,
        concat_ws('; ', expected.source, nullif(now.source, expected.source)) AS source, high.price AS high_price,
        retrieval.price AS retrieval_price, monitoring.price AS monitoring_price, moving.price AS moving_price,
        if(class.retrieval IS NULL, monitoring.source, retrieval.source) AS reading_source,
        moving.source AS moving_source,
        class.retrieval IS NULL AS is_tiering,
        low.price IS NOT NULL AND expected.price IS NOT NULL AND high.price IS NOT NULL AND now.price IS NOT NULL
            AND coalesce(retrieval.price, if(class.retrieval IS NULL, monitoring.price, NULL)) IS NOT NULL AS is_priced
    FROM stored_data
    CROSS JOIN whatif_options
    CROSS JOIN class
    LEFT JOIN price AS now ON now.usage = 'TimedStorage-ByteHrs' AND now.region_id = stored_data.region_id
        AND now.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS low ON low.usage = class.low AND low.region_id = stored_data.region_id
        AND low.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS expected ON expected.usage = class.expected AND expected.region_id = stored_data.region_id
        AND expected.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS high ON high.usage = class.high AND high.region_id = stored_data.region_id
        AND high.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS retrieval ON retrieval.usage = class.retrieval AND retrieval.region_id = stored_data.region_id
        AND retrieval.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS monitoring ON monitoring.usage = 'Monitoring-Automation-INT'
        AND monitoring.region_id = stored_data.region_id
        AND monitoring.billing_currency = stored_data.billing_currency
    LEFT JOIN price AS moving ON moving.usage = 'Requests-Tier4' AND moving.region_id = stored_data.region_id
        AND moving.billing_currency = stored_data.billing_currency
    WHERE stored_data.kind = 'prefix'
),

-- What is refused for all classes alike is told once.
judged AS (
    SELECT *, CASE
            WHEN unknown_because IS NOT NULL THEN unknown_because
            WHEN still_days < older_than_days
                THEN format('something was written to it on {}, and how old the rest is no record tells',
                    unchanged_since)
            WHEN coalesce(objects, 0) = 0 THEN 'how many objects it has is not recorded'
            WHEN NOT bool_or(is_priced) OVER (PARTITION BY resource_key, billing_currency)
                THEN 'neither the bill nor a price list tells what colder storage and reading from it cost in '
                    || region_id || ': `mlcost prices refresh` reads them'
        END AS refused_because,
        -- Objects below the least size are billed as if they had it.
        CAST(greatest(bytes, objects * CAST(least_bytes AS HUGEINT)) AS DECIMAL(28,0)) AS billed_bytes,
        CAST(bytes AS DECIMAL(28,10)) / 1073741824 * days / 30 AS gigabyte_months
    FROM offered
),

costed AS (
    SELECT *, scaled(scaled_at_length(current_cost, billed_bytes, CAST(bytes AS DECIMAL(28,0))), low_price, now_price)
            AS low_storage,
        scaled(scaled_at_length(current_cost, billed_bytes, CAST(bytes AS DECIMAL(28,0))), expected_price, now_price)
            AS expected_storage,
        scaled(scaled_at_length(current_cost, billed_bytes, CAST(bytes AS DECIMAL(28,0))), high_price, now_price)
            AS high_storage,
        CASE WHEN is_tiering THEN 0 ELSE priced(retrieval_price, CAST(gigabyte_months AS DECIMAL(28,10))) END
            AS read_once,
        CASE WHEN is_tiering AND bytes >= objects * CAST(131072 AS HUGEINT)
             THEN priced(monitoring_price, CAST(objects * days / 30 AS DECIMAL(28,10))) ELSE 0 END AS watching
    FROM judged
    WHERE refused_because IS NULL AND is_priced OR refused_because IS NOT NULL AND target = 'GLACIER_IR'
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'storage-class' AS scenario,
    CASE WHEN refused_because IS NULL THEN target END AS target,
    CASE WHEN refused_because IS NULL THEN low_storage + watching END AS cost_low,
    expected_storage + watching + scaled(read_once, read_ratio, 1) AS cost_expected,
    high_storage + watching + read_once AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests, 'ratio' AS basis, refused_because,
    [
        assumed('nothing was written since', unchanged_since, 's3:PrefixUsage: bytes and objects did not change'),
        assumed('bytes and objects', format('{} in {}', bytes, objects), 's3:PrefixUsage'),
        assumed('price of a GB-month', bare(expected_price) || ' instead of ' || bare(now_price), source),
        assumed('read in a month', CASE WHEN is_tiering THEN 'nothing that would move it back; all in high'
            ELSE round(read_ratio * 100, 1) || ' %; nothing in low, all in high' END,
            CASE WHEN is_assumed THEN 'assumption: no record tells who reads it' ELSE 'option' END),
        assumed('price of reading a GB', CASE WHEN is_tiering THEN 'none, but ' || bare(monitoring_price)
            || ' a month for each object of 128 KB or more' ELSE bare(retrieval_price) END, reading_source),
        assumed('moving it, once', objects || ' requests for ' || coalesce(
            CAST(CAST(priced(moving_price, objects) AS DECIMAL(28,2)) AS VARCHAR), 'a price that is not known'),
            concat_ws(': ', 'not in the costs above', moving_source)),
        assumed('billed for at least', CASE WHEN is_tiering THEN 'no time and no size'
            ELSE least_time || ' and 128 KB of each object' END, 'AWS')
    ] AS assumptions
FROM costed
