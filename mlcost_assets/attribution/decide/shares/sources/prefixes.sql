-- A bucket: by the bytes of its prefixes (s3:PrefixUsage) from one measurement to the next. What lies in no measured
-- prefix stays with the bucket, where a measurement of the whole bucket tells how much that is. A prefix that is
-- measured on other days than others is there between its measurements, too.
WITH seen AS (
    SELECT DISTINCT ON (bucket, prefix, day) *
    FROM (
        SELECT body ->> '$.Bucket' AS bucket, trim(coalesce(body ->> '$.Prefix', ''), '/') AS prefix,
            coalesce(time_from_text(body ->> '$.Date'), date_trunc('day', collected_at)) AS day,
            CAST(told_size(body ->> '$.Bytes') AS DOUBLE) AS bytes, file || ':' || line AS record, collected_at
        FROM metadata_records WHERE kind = 's3:PrefixUsage'
    )
    ORDER BY bucket, prefix, day, collected_at DESC, record DESC
),

measured AS (
    SELECT life.bucket, life.prefix, life.day, seen.bytes, seen.record
    FROM (
        SELECT prefix.*, days.day
        FROM (
            SELECT bucket, prefix, min(day) AS first, max(day) AS last FROM seen GROUP BY ALL
        ) AS prefix
        JOIN (
            SELECT DISTINCT bucket, day FROM seen
        ) AS days ON days.bucket = prefix.bucket AND days.day BETWEEN prefix.first AND prefix.last
    ) AS life
    ASOF JOIN seen ON seen.bucket = life.bucket AND seen.prefix = life.prefix AND seen.day <= life.day
),

span AS (
    SELECT bucket, day,
        CASE WHEN day = min(day) OVER (PARTITION BY bucket) THEN always_from() ELSE day END AS valid_from,
        coalesce(lead(day) OVER (PARTITION BY bucket ORDER BY day), always_to()) AS valid_to
    FROM (
        SELECT DISTINCT bucket, day FROM measured
    )
),

-- A prefix that holds other measured prefixes counts for what those leave.
inside AS (
    SELECT outside.bucket, outside.prefix, outside.day, sum(measured.bytes) AS bytes
    FROM measured AS outside
    JOIN measured ON measured.bucket = outside.bucket AND measured.day = outside.day
        AND measured.prefix <> outside.prefix
        AND (outside.prefix = '' OR starts_with(measured.prefix, outside.prefix || '/'))
    WHERE NOT EXISTS (
        FROM measured AS between_them WHERE between_them.bucket = outside.bucket AND between_them.day = outside.day
        AND between_them.prefix NOT IN (outside.prefix, measured.prefix)
        AND (outside.prefix = '' OR starts_with(between_them.prefix, outside.prefix || '/'))
        AND starts_with(measured.prefix, between_them.prefix || '/'))
    GROUP BY ALL
)

SELECT 'arn:aws:s3:::' || bucket AS resource_key, NULL AS instance_type,
    CASE prefix WHEN '' THEN 'arn:aws:s3:::' || bucket ELSE 's3://' || bucket || '/' || prefix END AS consumer_key,
    greatest(measured.bytes - coalesce(inside.bytes, 0), 0) AS weight, valid_from, valid_to,
    'prefixes' AS kind, [record] AS sources
FROM measured
JOIN span USING (bucket, day)
LEFT JOIN inside USING (bucket, prefix, day)
