-- A multi-model endpoint: by the requests that the application counts for each target model, day by day; where nobody
-- counts, evenly over the artifacts known under the endpoint's prefix (AWS has no metrics per target model).
WITH hosted AS (
    SELECT DISTINCT endpoint.from_id AS resource_key, rtrim(loads.to_id, '/') AS prefix,
        regexp_extract(endpoint.from_id, '[^/]+$') AS name
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    JOIN lineage_edges AS loads ON loads.from_id = config.to_id AND loads.relation = 'loads'
    WHERE endpoint.relation = 'configured_by' AND json_extract_string(loads.detail, '$.mode') = 'MultiModel'
),

counted AS (
    SELECT hosted.resource_key, hosted.prefix || '/' || trim(body ->> '$.Dimensions.TargetModel', '/') AS consumer_key,
        date_trunc('day', time_from_answer(unnest(told_texts(body -> '$.Timestamps')))) AS day,
        unnest(told_numbers(body -> '$.Values')) AS requests,
        file || ':' || line AS record
    FROM metadata_records
    JOIN hosted ON hosted.name = lower(body ->> '$.Dimensions.EndpointName')
    WHERE kind = 'cloudwatch:GetMetricData' AND json_extract_string(body, '$.Dimensions.TargetModel') <> ''
        AND coalesce(body ->> '$.Stat', 'Sum') IN ('Sum', 'SampleCount')
),

daily AS (
    SELECT resource_key, consumer_key, day, sum(requests) AS requests, min(record) AS record FROM counted GROUP BY ALL
),

-- A day without counts is divided as the nearest one before.
span AS (
    SELECT resource_key, day,
        CASE WHEN day = min(day) OVER (PARTITION BY resource_key) THEN always_from() ELSE day END AS valid_from,
        coalesce(lead(day) OVER (PARTITION BY resource_key ORDER BY day), always_to()) AS valid_to
    FROM (
        SELECT resource_key, day FROM daily GROUP BY ALL HAVING sum(requests) > 0
    )
),

known_artifact AS (
    SELECT to_id AS uri, source AS record
    FROM lineage_edges
    WHERE relation IN ('produced', 'contains', 'loads', 'copy_of')
    UNION ALL
    SELECT 's3://' || (body ->> '$.Bucket') || '/' || trim(body ->> '$.Prefix', '/'), file || ':' || line
    FROM metadata_records
    WHERE kind = 's3:PrefixUsage'
),

artifact AS (
    SELECT hosted.resource_key, uri AS consumer_key, min(record) AS record
    FROM hosted
    JOIN known_artifact ON starts_with(uri, hosted.prefix || '/') AND len(uri) > len(hosted.prefix) + 1
    WHERE hosted.resource_key NOT IN (SELECT resource_key FROM daily)
    GROUP BY ALL
)

SELECT resource_key, NULL AS instance_type, consumer_key, requests AS weight, valid_from, valid_to,
    'target models' AS kind, [record] AS sources
FROM daily
JOIN span USING (resource_key, day)
UNION ALL
SELECT resource_key, NULL, consumer_key, 1, always_from(), always_to(), 'artifacts evenly', [record]
FROM artifact
