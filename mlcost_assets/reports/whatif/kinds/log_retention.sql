-- A log group that keeps everything, with a retention: what is older is removed and no longer stored.
--
-- How old what it stores is no record tells. expected: it was written evenly since the group was made, so of its age in
-- days the retention is left. low: half as much, because less is written now. high: twice as much, because more is.
WITH logged AS (
    SELECT stored_data.*, retention_days, still_days + 1 AS age
    FROM stored_data
    CROSS JOIN whatif_options
    WHERE kind = 'log group'
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'log-retention' AS scenario,
    retention_days || ' days' AS target,
    scaled(current_cost, least(age, CAST(retention_days AS DECIMAL(28,10)) / 2), age) AS cost_low,
    scaled(current_cost, least(age, retention_days), age) AS cost_expected,
    scaled(current_cost, least(age, 2 * retention_days), age) AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests, 'ratio' AS basis,
    CASE
        WHEN unknown_because IS NOT NULL THEN unknown_because
        WHEN age <= retention_days
            THEN format('it was made on {}: nothing in it is older than {} days', unchanged_since, retention_days)
    END AS refused_because,
    [
        assumed('retention', retention_days || ' days', 'option'),
        assumed('it was made', unchanged_since, 'DescribeLogGroups'),
        assumed('bytes stored', coalesce(CAST(bytes AS VARCHAR), 'not known'), 'DescribeLogGroups'),
        assumed('written', 'evenly since then; half as much lately in low, twice in high', 'assumption'),
        assumed('writing and querying', 'cost as now, and are not counted here', 'bill'),
        assumed('what is older', 'is gone: export to S3 what has to be kept', 'AWS')
    ] AS assumptions
FROM logged
