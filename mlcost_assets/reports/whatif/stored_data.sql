-- What lies in S3's standard storage under a measured prefix, and in log groups that keep everything: what storing it
-- cost in the last 30 full days of the bill, since when it is known to lie there, and whose it is.
--
-- A prefix has the part of its bucket's storage that it has of the bytes of all measured prefixes; a collector counts
-- each object under one of them (s3:PrefixUsage). How old an object is no record tells: where neither bytes nor objects
-- of a prefix changed, nothing was written since.
WITH dated AS (
    SELECT last_full_day(max(charge_date)) AS last_day FROM attributed_costs
),

charged AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS paid_by, service_code,
        account_id, region_id, billing_currency, last_day, usage_of(usage_type) AS usage,
        min(charge_date) AS first_day, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM daily_charges
    CROSS JOIN dated
    WHERE service_code IN ('AmazonS3', 'AmazonCloudWatch') AND charge_category = 'Usage' AND resource_id <> ''
        AND contains(usage_type, 'TimedStorage') AND charge_date BETWEEN last_day - 29 AND last_day
    GROUP BY ALL
),

kept AS (
    SELECT paid_by, service_code, account_id, max(region_id) AS region_id, billing_currency,
        min(first_day) AS first_day, max(last_day) AS last_day,
        CAST(coalesce(sum(effective_cost) FILTER (usage = 'TimedStorage-ByteHrs'), 0) AS DECIMAL(28,10)) AS cost,
        string_agg(DISTINCT usage, ', ' ORDER BY usage) FILTER (usage <> 'TimedStorage-ByteHrs') AS other_usages
    FROM charged
    WHERE paid_by IS NOT NULL
    GROUP BY paid_by, service_code, account_id, billing_currency
),

measured AS (
    SELECT DISTINCT id AS resource_key, body ->> '$.Bucket' AS bucket, body ->> '$.Prefix' AS prefix, region,
        told_day(body ->> '$.Date') AS day, told_size(body ->> '$.Bytes') AS bytes,
        told_size(body ->> '$.Objects') AS objects,
        coalesce(TRY_CAST(body ->> '$.Complete' AS BOOLEAN), true) AS is_complete
    FROM metadata_records
    CROSS JOIN dated
    WHERE kind = 's3:PrefixUsage' AND day <= last_day AND bytes >= 0 AND objects >= 0
),

followed AS (
    SELECT *, lag(bytes) OVER of_prefix IS DISTINCT FROM bytes OR lag(objects) OVER of_prefix IS DISTINCT FROM objects
        AS is_new
    FROM measured
    WINDOW of_prefix AS (PARTITION BY resource_key ORDER BY day, bytes, objects)
),

prefix AS (
    SELECT resource_key, bucket, any_value(prefix) AS prefix, max(region) AS region,
        arg_max(bytes, (day, bytes, objects)) AS bytes, arg_max(objects, (day, bytes, objects)) AS objects,
        max(day) FILTER (is_new) AS unchanged_since, max(day) AS measured_on,
        arg_max(is_complete, (day, bytes, objects)) AS is_complete
    FROM followed
    GROUP BY resource_key, bucket
),

-- Only what the newest look at the bucket found is still there.
standing AS (
    SELECT *, CAST(sum(bytes) OVER (PARTITION BY bucket) AS DECIMAL(28,0)) AS bucket_bytes,
        bool_and(is_complete) OVER (PARTITION BY bucket) AS is_counted
    FROM (
        SELECT *, measured_on = max(measured_on) OVER (PARTITION BY bucket) AS is_standing
        FROM prefix
    )
    WHERE is_standing AND bytes > 0
),

log_group AS (
    SELECT resource_key, body ->> '$.logGroupName' AS name, CAST(created_at AS DATE) AS unchanged_since,
        told_size(body ->> '$.storedBytes') AS bytes
    FROM resource_history
    WHERE kind = 'logs:DescribeLogGroups' AND coalesce(body ->> '$.retentionInDays', '') = ''
    QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY life DESC, valid_from DESC) = 1
),

stored AS (
    SELECT standing.resource_key, 'prefix' AS kind, standing.bucket || '/' || standing.prefix AS name,
        kept.account_id, kept.region_id, first_day, last_day, standing.bytes, standing.objects,
        standing.unchanged_since, date_diff('day', standing.unchanged_since, standing.measured_on) AS still_days,
        scaled_at_length(cost, CAST(standing.bytes AS DECIMAL(28,0)), bucket_bytes) AS current_cost,
        CASE WHEN NOT is_counted
             THEN 'the listing of its bucket did not come to an end, so its part of it is not known'
             WHEN other_usages IS NOT NULL
             THEN 'its bucket has other storage classes (' || other_usages || '), and no record tells which it has'
        END AS unknown_because, kept.billing_currency
    FROM standing
    JOIN kept ON kept.service_code = 'AmazonS3'
        AND kept.paid_by = 'arn:' || partition_of(standing.region) || ':s3:::' || standing.bucket
    UNION ALL
    SELECT log_group.resource_key, 'log group', name, account_id, region_id, first_day, last_day, bytes, NULL,
        unchanged_since, date_diff('day', unchanged_since, last_day), cost,
        CASE WHEN unchanged_since IS NULL THEN 'no record tells when it was made' END, billing_currency
    FROM log_group
    JOIN kept ON kept.service_code = 'AmazonCloudWatch' AND kept.paid_by = log_group.resource_key
),

owner AS (
    SELECT resource_key, max(value) FILTER (dimension = 'model') AS model,
        max(value) FILTER (dimension = 'team') AS team, max(value) FILTER (dimension = 'environment') AS environment
    FROM (
        SELECT resource_key, dimension, value
        FROM owners
        WHERE resource_key IN (SELECT resource_key FROM stored)
        QUALIFY row_number() OVER (
            PARTITION BY resource_key, dimension ORDER BY valid_to DESC, valid_from DESC, value
        ) = 1
    )
    GROUP BY resource_key
)

SELECT stored.resource_key, stored.kind, stored.name, stored.account_id, stored.region_id, owner.model,
    CASE WHEN owner.model IS NULL THEN CAST([] AS VARCHAR[]) ELSE [owner.model] END AS models, owner.team,
    owner.environment, stored.first_day, stored.last_day,
    date_diff('day', stored.first_day, stored.last_day) + 1 AS days, stored.bytes, stored.objects,
    stored.unchanged_since, stored.still_days, stored.current_cost, stored.unknown_because, stored.billing_currency
FROM stored
LEFT JOIN owner USING (resource_key)
WHERE stored.current_cost > 0
