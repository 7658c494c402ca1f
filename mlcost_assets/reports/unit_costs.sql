-- What a thousand predictions of each model cost, a day at a time.
--
-- Requests are CloudWatch's Invocations per endpoint and variant (AWS/SageMaker, statistic Sum). A variant's requests
-- are its model's: through the endpoint's owner, or through the variant's own model where an endpoint serves several.
WITH measured AS (
    SELECT DISTINCT
        sagemaker_arn('endpoint', body ->> '$.Dimensions.EndpointName', region, account_id) AS endpoint_key,
        body ->> '$.Dimensions.VariantName' AS variant,
        unnest(CAST(body -> '$.Timestamps' AS VARCHAR[])) AS measured_at,
        unnest(TRY_CAST(body -> '$.Values' AS DOUBLE[])) AS requests
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND json_extract_string(body, '$.MetricName') = 'Invocations'
        AND json_extract_string(body, '$.Stat') = 'Sum'
        AND json_extract_string(body, '$.Dimensions.InferenceComponentName') IS NULL
),

requested AS (
    -- A day may have been collected more than once, each time more complete.
    SELECT endpoint_key, variant, time_from_text(measured_at) AS measured_at, max(requests) AS requests
    FROM measured
    WHERE strftime(time_from_text(measured_at), '%Y-%m') = $billing_period
    GROUP BY ALL
),

variant_model AS (
    SELECT endpoint.from_id AS endpoint_key, config.detail ->> '$.VariantName' AS variant, owners.value AS model,
        endpoint.valid_from, coalesce(endpoint.valid_to, always_to()) AS valid_to
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    JOIN owners ON owners.resource_key = config.to_id AND owners.dimension = 'model'
    WHERE endpoint.relation = 'configured_by'
),

answered AS (
    SELECT CAST(measured_at AS DATE) AS charge_date, coalesce(variant_model.model, owners.value) AS model,
        CAST(sum(requests) AS BIGINT) AS requests
    FROM requested
    LEFT JOIN variant_model ON variant_model.endpoint_key = requested.endpoint_key
        AND variant_model.variant = requested.variant
        AND variant_model.valid_from <= measured_at AND variant_model.valid_to > measured_at
    LEFT JOIN owners ON owners.resource_key = requested.endpoint_key AND owners.dimension = 'model'
        AND owners.valid_from <= measured_at AND owners.valid_to > measured_at
    GROUP BY ALL
),

cost AS (
    SELECT charge_date, model, billing_currency,
        CAST(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS total_cost,
        CAST(coalesce(sum(list_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_list_cost
    FROM attributed_costs
    WHERE billing_period = $billing_period AND model IS NOT NULL
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, cost.charge_date, cost.model, answered.requests,
    inference_cost, total_cost, inference_list_cost,
    CASE WHEN answered.requests > 0 THEN scaled(inference_cost, 1000, answered.requests) END AS cost_per_1000,
    CASE WHEN answered.requests > 0 THEN scaled(total_cost, 1000, answered.requests) END AS total_cost_per_1000,
    CASE WHEN answered.requests > 0 THEN scaled(inference_list_cost, 1000, answered.requests) END AS list_cost_per_1000,
    cost.billing_currency
FROM cost
LEFT JOIN answered ON answered.charge_date = cost.charge_date AND answered.model = cost.model
