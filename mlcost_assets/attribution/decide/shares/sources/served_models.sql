-- A pod that serves several models: by what its server counts for each (lineage/stated/served_models.sql), day by day:
-- the time that it computed, else the tokens that it generated, else the requests that it answered. A day without
-- counts is divided as the nearest one before.
WITH counted AS (
    SELECT hosts.from_id AS resource_key, hosts.to_id AS consumer_key,
        CASE
            WHEN metric IN ('nv_inference_compute_infer_duration_us', 'ts_inference_latency_microseconds')
                THEN 'compute time'
            WHEN regexp_full_match(metric, '(vllm|sglang)[:_]generation_tokens') THEN 'generated tokens'
            WHEN regexp_full_match(metric, '(nv_inference_|vllm[:_]|model_infer_)request_success|ts_inference_requests')
                THEN 'model requests'
        END AS kind, date_trunc('day', time_from_answer(told)) AS day, amount, record
    FROM (
        SELECT CAST(json_extract(body, '$.Dimensions') AS VARCHAR) AS dimensions,
            regexp_replace(body ->> '$.MetricName', '_total$', '') AS metric,
            unnest(told_texts(body -> '$.Timestamps')) AS told, unnest(told_numbers(body -> '$.Values')) AS amount,
            file || ':' || line AS record
        FROM metadata_records
        WHERE kind = 'cloudwatch:GetMetricData' AND coalesce(body ->> '$.Stat', 'Sum') = 'Sum'
    )
    JOIN (
        SELECT DISTINCT from_id, to_id, detail FROM lineage_edges WHERE relation = 'hosts'
    ) AS hosts ON hosts.detail = dimensions
),

daily AS (
    SELECT resource_key, consumer_key, kind, day, sum(amount) AS amount, min(record) AS record
    FROM counted
    WHERE kind IS NOT NULL
    GROUP BY ALL
),

span AS (
    SELECT resource_key, kind, day,
        CASE WHEN day = min(day) OVER whole THEN always_from() ELSE day END AS valid_from,
        coalesce(lead(day) OVER (PARTITION BY resource_key, kind ORDER BY day), always_to()) AS valid_to
    FROM (
        SELECT resource_key, kind, day FROM daily GROUP BY ALL HAVING sum(amount) > 0
    )
    WINDOW whole AS (PARTITION BY resource_key, kind)
)

SELECT resource_key, NULL AS instance_type, consumer_key, amount AS weight, valid_from, valid_to, kind,
    [record] AS sources
FROM daily
JOIN span USING (resource_key, kind, day)
