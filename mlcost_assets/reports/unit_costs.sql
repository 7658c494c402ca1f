-- What a thousand predictions of each model cost, a day at a time.
--
-- Requests are CloudWatch's Invocations per endpoint and variant (AWS/SageMaker, statistic Sum). A variant's requests
-- are its model's: through the endpoint's owner, or through the variant's own model where an endpoint serves several.
-- An inference component's are its owner's; the series of its endpoint counts the same requests once more.
WITH measured AS (
    SELECT DISTINCT
        sagemaker_arn('endpoint', body ->> '$.Dimensions.EndpointName', region, account_id) AS endpoint_key,
        body ->> '$.Dimensions.VariantName' AS variant,
        sagemaker_arn('inference-component', body ->> '$.Dimensions.InferenceComponentName', region, account_id)
            AS component_key,
        unnest(CAST(body -> '$.Timestamps' AS VARCHAR[])) AS measured_at,
        unnest(TRY_CAST(body -> '$.Values' AS DOUBLE[])) AS requests
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND json_extract_string(body, '$.MetricName') = 'Invocations'
        AND json_extract_string(body, '$.Stat') = 'Sum'
),

requested AS (
    -- A day may have been collected more than once, each time more complete.
    SELECT endpoint_key, variant, component_key, time_from_text(measured_at) AS measured_at, max(requests) AS requests
    FROM measured
    WHERE strftime(time_from_text(measured_at), '%Y-%m') = $billing_period
    GROUP BY ALL
),

-- A shadow variant answers copies of requests, which nobody asked for (sagemaker:CreateEndpointConfig).
shadows AS (
    SELECT DISTINCT resource_key,
        unnest(json_extract_string(body, '$.ShadowProductionVariants[*].VariantName')) AS variant
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeEndpointConfig'
),

variant_model AS (
    SELECT endpoint.from_id AS endpoint_key, config.detail ->> '$.VariantName' AS variant, owners.value AS model,
        (config.from_id, config.detail ->> '$.VariantName') IN (FROM shadows) AS is_shadow,
        endpoint.valid_from, coalesce(endpoint.valid_to, always_to()) AS valid_to
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    JOIN owners ON owners.resource_key = config.to_id AND owners.dimension = 'model'
    WHERE endpoint.relation = 'configured_by'
),

by_deployment AS (
    SELECT *, coalesce(component_key, endpoint_key) AS deployment_key
    FROM requested
    WHERE component_key IS NOT NULL
        OR endpoint_key NOT IN (SELECT endpoint_key FROM requested WHERE component_key IS NOT NULL)
),

answered AS (
    SELECT CAST(measured_at AS DATE) AS charge_date, by_deployment.endpoint_key,
        coalesce(variant_model.model, owners.value) AS model, CAST(sum(requests) AS BIGINT) AS requests
    FROM by_deployment
    LEFT JOIN variant_model ON variant_model.endpoint_key = by_deployment.deployment_key
        AND variant_model.variant = by_deployment.variant
        AND variant_model.valid_from <= measured_at AND variant_model.valid_to > measured_at
    LEFT JOIN owners ON owners.resource_key = deployment_key AND owners.dimension = 'model'
        AND owners.valid_from <= measured_at AND owners.valid_to > measured_at
    WHERE NOT coalesce(is_shadow, false)
    GROUP BY ALL
),

-- Endpoints that serve a model for money, and whether the month tells its requests there: a model of which a part is
-- not counted would look dearer than it is.
served AS (
    SELECT charge_date, model, billing_currency, bool_and(model_is_counted) AS is_counted,
        bool_or(is_measured AND NOT model_is_counted) AS serves_others
    FROM (
        SELECT charge_date, model, billing_currency, resource_id,
            (resource_id, model) IN (SELECT (endpoint_key, model) FROM answered WHERE model IS NOT NULL)
                AS model_is_counted,
            resource_id IN (SELECT endpoint_key FROM answered) AS is_measured
        FROM attributed_costs
        WHERE billing_period = $billing_period AND model IS NOT NULL AND stage = 'inference'
            AND resource_id LIKE 'arn:%:sagemaker:%:endpoint/%'
        GROUP BY ALL
        HAVING sum(effective_cost) > 0
    )
    GROUP BY ALL
),

counted AS (
    SELECT charge_date, model, CAST(sum(requests) AS BIGINT) AS requests FROM answered GROUP BY ALL
),

cost AS (
    SELECT charge_date, model, billing_currency,
        CAST(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS total_cost,
        CAST(coalesce(sum(list_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_list_cost,
        string_agg(DISTINCT service_name, ', ' ORDER BY service_name) FILTER (stage = 'inference') AS served_by
    FROM attributed_costs
    WHERE billing_period = $billing_period AND model IS NOT NULL
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, cost.charge_date, cost.model, known.requests,
    inference_cost, total_cost, inference_list_cost,
    CASE WHEN known.requests > 0 THEN scaled(inference_cost, 1000, known.requests) END AS cost_per_1000,
    CASE WHEN known.requests > 0 THEN scaled(total_cost, 1000, known.requests) END AS total_cost_per_1000,
    CASE WHEN known.requests > 0 THEN scaled(inference_list_cost, 1000, known.requests) END AS list_cost_per_1000,
    cost.billing_currency,
    CASE
        WHEN known.requests IS NOT NULL THEN NULL
        WHEN served_by IS NULL THEN 'nothing served it on this day'
        WHEN NOT is_counted AND counted.requests IS NOT NULL
            THEN 'of a part of its endpoints no requests are known'
        WHEN serves_others
            THEN 'the requests of its endpoint are not told by model'
        WHEN is_counted IS NOT NULL THEN 'no Invocations of its endpoints were collected for this day'
        ELSE concat('served by ', served_by, ', where requests are not counted')
    END AS requests_unknown_because
FROM cost
LEFT JOIN served USING (charge_date, model, billing_currency)
LEFT JOIN counted USING (charge_date, model)
CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(is_counted, true) THEN counted.requests END AS requests) AS known
