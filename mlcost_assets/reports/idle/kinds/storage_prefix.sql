-- What lies in S3's standard storage, where nothing was written, and from where no job that is known read anything.
-- Who else reads is not collected. Its part of the cost is its part of the bucket's measured standard storage.
WITH measured AS (
    SELECT body ->> '$.Bucket' AS bucket, body ->> '$.Prefix' AS prefix, id, account_id, region,
        told_day(body ->> '$.Date') AS day, told_size(body ->> '$.Bytes') AS bytes,
        told_size(body ->> '$.Objects') AS objects, file || ':' || line AS source
    FROM metadata_records
    WHERE kind = 's3:PrefixUsage' AND day IS NOT NULL
),

changed AS (
    SELECT *, lag(bytes) OVER of_prefix IS DISTINCT FROM bytes OR lag(objects) OVER of_prefix IS DISTINCT FROM objects
        AS is_new
    FROM measured
    WINDOW of_prefix AS (PARTITION BY id ORDER BY day, source)
),

still AS (
    SELECT bucket, prefix, id, account_id, max(region) AS region,
        max(day) FILTER (is_new) AS since, max(day) AS last_day,
        arg_max(bytes, (day, source)) AS bytes, arg_max(source, (day, source)) AS source
    FROM changed
    GROUP BY bucket, prefix, id, account_id
    HAVING max(day) - max(day) FILTER (is_new) >= $prefix_days AND arg_max(bytes, (day, source)) > 0
),

bucket AS (
    SELECT body ->> '$.Dimensions.BucketName' AS bucket,
        arg_max(
            list_max(list_transform(told_texts(body -> '$.Values'), lambda one: told_size(one))), collected_at
        ) AS bytes
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND (body ->> '$.MetricName') = 'BucketSizeBytes'
        AND (body ->> '$.Dimensions.StorageType') = 'StandardStorage'
    GROUP BY ALL
)

SELECT 'storage prefix' AS kind, 'underused' AS degree, still.id AS resource_key, still.account_id, still.region,
    CAST(still.since AS TIMESTAMP) AS since,
    format('Its size has not changed from {} to {}, and no job that is known read it.', still.since, still.last_day)
        AS evidence,
    still.source, 0.5 AS confidence,
    'aws s3 cp ' || shell_quoted(concat('s3://', still.bucket, '/', still.prefix)) || ' '
        || shell_quoted(concat('s3://', still.bucket, '/', still.prefix))
        || ' --recursive --storage-class INTELLIGENT_TIERING' AS how_to_stop,
    CAST(
        json_object(
            'Rules',
            json_array(
                json_object(
                    'ID', 'mlcost-' || left(md5(still.id), 12), 'Status', 'Enabled',
                    'Filter', json_object('Prefix', still.prefix),
                    'Transitions', json_array(json_object('Days', 0, 'StorageClass', 'INTELLIGENT_TIERING'))
                )
            )
        ) AS VARCHAR
    ) AS schedule,
    'arn:' || partition_of(still.region) || ':s3:::' || still.bucket AS cost_of, 'TimedStorage-ByteHrs$' AS counted,
    -- Mebibytes: products of bytes and money would not fit.
    CASE WHEN bucket.bytes > 0 THEN greatest(least(still.bytes, bucket.bytes) // 1048576, 1) END AS weight,
    CASE WHEN bucket.bytes > 0 THEN greatest(bucket.bytes // 1048576, 1) END AS weights, true AS in_parts
FROM still
LEFT JOIN bucket ON bucket.bucket = still.bucket
WHERE NOT EXISTS (
    SELECT 1
    FROM lineage_edges AS edge
    WHERE edge.relation = 'reads' AND edge.valid_from >= still.since
        AND (
            starts_with(edge.to_id, concat('s3://', still.bucket, '/', still.prefix))
            OR starts_with(concat('s3://', still.bucket, '/', still.prefix), edge.to_id)
        )
)
