-- Requests a day, of what answered them, as records tell: CloudWatch's metrics, metrics of the organisation's own, and
-- batch jobs that count their records. `model` stands where the record tells it; else it is that of whoever pays.
WITH point AS (
    SELECT account_id, region, body ->> '$.Namespace' AS namespace, body ->> '$.MetricName' AS metric,
        json_extract(body, '$.Dimensions') AS named, unnest(told_texts(body -> '$.Timestamps')) AS measured_at,
        unnest(told_numbers(body -> '$.Values')) AS requests
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND json_extract_string(body, '$.Stat') = 'Sum'
        AND regexp_matches(
            body ->> '$.MetricName', '(?i)^count$|(invocations|requests?|requestcount|predictions|inferences|records)$'
        )
),

-- What a series is of. Lambda, load balancers and APIs have other series too, by version, zone or stage, which count
-- the same requests again.
series AS (
    SELECT account_id, region, namespace, metric, named, row_number() OVER () AS series,
        concat_ws(' ', namespace, metric) AS counted_by,
        CASE WHEN namespace = 'AWS/SageMaker' AND metric = 'Invocations' OR (named ->> '$.TargetModel') <> ''
            THEN sagemaker_arn('endpoint', named ->> '$.EndpointName', region, account_id) END AS endpoint_key,
        named ->> '$.VariantName' AS variant,
        sagemaker_arn('inference-component', named ->> '$.InferenceComponentName', region, account_id) AS component_key,
        nullif(named ->> '$.TargetModel', '') AS target,
        CASE
            WHEN namespace = 'AWS/Lambda' AND metric = 'Invocations' AND names = 1
                THEN service_arn('lambda', region, account_id, 'function:' || (named ->> '$.FunctionName'))
            WHEN namespace = 'AWS/ApplicationELB' AND metric = 'RequestCount' AND names = 1 THEN service_arn(
                'elasticloadbalancing', region, account_id, 'loadbalancer/' || (named ->> '$.LoadBalancer')
            )
            WHEN namespace = 'AWS/ApiGateway' AND metric = 'Count' AND names = 1
                THEN 'api ' || coalesce(named ->> '$.ApiName', named ->> '$.ApiId')
            -- A profile of AWS's own across regions has no record of its own.
            WHEN namespace = 'AWS/Bedrock' AND metric = 'Invocations' AND names = 1
                AND regexp_matches(named ->> '$.ModelId', '^(us|us-gov|eu|apac|jp|au|ca|global)\.')
                THEN service_arn('bedrock', region, account_id, 'inference-profile/' || (named ->> '$.ModelId'))
            WHEN namespace = 'AWS/Bedrock' AND metric = 'Invocations' AND names = 1
                THEN 'bedrock ' || (named ->> '$.ModelId')
            WHEN is_own THEN sagemaker_arn('transform-job', named ->> '$.TransformJobName', region, account_id)
        END AS thing,
        CASE WHEN is_own THEN nullif(named ->> '$.Model', '') END AS model
    FROM (
        SELECT DISTINCT account_id, region, namespace, metric, named, len(json_keys(named)) AS names,
            NOT regexp_matches(namespace, '(?i)^/?aws/') AS is_own
        FROM point
    )
),

-- A day may have been collected more than once, each time more complete.
requested AS (
    SELECT series.* EXCLUDE (namespace, metric, named), measured_at, requests
    FROM (
        SELECT series, time_from_text(measured_at) AS measured_at, max(requests) AS requests
        FROM point
        JOIN series USING (account_id, region, namespace, metric, named)
        GROUP BY ALL
    )
    JOIN series USING (series)
),

-- A shadow variant answers copies of requests, which nobody asked for: they are none (sagemaker:CreateEndpointConfig).
shadows AS (
    SELECT DISTINCT resource_key,
        unnest(json_extract_string(body, '$.ShadowProductionVariants[*].VariantName')) AS variant
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeEndpointConfig'
),

-- Whose a variant is, and whose a model is that an endpoint loads when it is asked for it.
variant_model AS (
    SELECT endpoint.from_id AS endpoint_key, config.detail ->> '$.VariantName' AS variant, owners.value AS model,
        (config.from_id, config.detail ->> '$.VariantName') IN (FROM shadows) AS is_shadow,
        endpoint.valid_from, coalesce(endpoint.valid_to, always_to()) AS valid_to
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    JOIN owners ON owners.resource_key = config.to_id AND owners.dimension = 'model'
    WHERE endpoint.relation = 'configured_by'
),

target_model AS (
    SELECT hosts.from_id AS endpoint_key, hosts.to_id, owners.value AS model, owners.valid_from, owners.valid_to
    FROM lineage_edges AS hosts
    JOIN owners ON owners.resource_key = hosts.to_id AND owners.dimension = 'model'
    WHERE hosts.relation = 'hosts'
),

-- The finest series that tell an endpoint's requests: by target, by component, by variant. Each counts all of them.
by_deployment AS (
    SELECT *, coalesce(component_key, endpoint_key) AS deployment_key
    FROM (
        SELECT *, CASE
                WHEN target IS NOT NULL THEN 3
                WHEN component_key IS NOT NULL THEN 2
                ELSE 1
            END AS grain,
            max(grain) OVER (PARTITION BY endpoint_key, CAST(measured_at AS DATE)) AS finest
        FROM requested
        WHERE endpoint_key IS NOT NULL
    )
    WHERE grain = finest
),

answered AS (
    SELECT CAST(measured_at AS DATE) AS charge_date, by_deployment.endpoint_key AS thing_key,
        coalesce(target_model.model, variant_model.model, owners.value) AS model, counted_by,
        CASE WHEN is_shadow THEN 0 ELSE requests END AS requests
    FROM by_deployment
    LEFT JOIN target_model ON target_model.endpoint_key = by_deployment.endpoint_key
        AND ends_with(target_model.to_id, '/' || trim(by_deployment.target, '/'))
        AND target_model.valid_from <= measured_at AND target_model.valid_to > measured_at
    LEFT JOIN variant_model ON variant_model.endpoint_key = by_deployment.deployment_key AND target IS NULL
        AND variant_model.variant = by_deployment.variant
        AND variant_model.valid_from <= measured_at AND variant_model.valid_to > measured_at
    LEFT JOIN owners ON owners.resource_key = deployment_key AND owners.dimension = 'model' AND target IS NULL
        AND owners.valid_from <= measured_at AND owners.valid_to > measured_at
),

-- What metrics call an API or a Bedrock resource, and its key.
called AS (
    SELECT DISTINCT account_id, region, resource_key, unnest(CASE
        WHEN starts_with(kind, 'apigateway') THEN ['api ' || name, 'api ' || regexp_extract(resource_key, '[^/]+$')]
        ELSE ['bedrock ' || resource_key, 'bedrock ' || regexp_extract(resource_key, '[^/]+$')]
    END) AS thing
    FROM resource_history
    WHERE kind IN (
        'apigateway:GetRestApis', 'apigatewayv2:GetApis', 'bedrock:GetInferenceProfile',
        'bedrock:GetProvisionedModelThroughput', 'bedrock:GetImportedModel'
    )
),

named AS (
    SELECT account_id, region, thing, min(resource_key) AS resource_key
    FROM called
    GROUP BY ALL
    HAVING count(DISTINCT resource_key) = 1
),

job AS (
    SELECT resource_key, CAST(min(created_at) AS DATE) AS charge_date,
        max(told_count(coalesce(body ->> '$.processedRecordCount', body ->> '$.totalRecordCount'))) AS requests
    FROM resource_history
    WHERE kind = 'bedrock:GetModelInvocationJob'
    GROUP BY resource_key
)

SELECT charge_date, thing_key, model, CAST(round(sum(requests)) AS BIGINT) AS requests,
    string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) AS counted_by
FROM (
    FROM answered
    UNION ALL
    SELECT CAST(requested.measured_at AS DATE), coalesce(named.resource_key, requested.thing), NULL, counted_by,
        requests
    FROM requested
    LEFT JOIN named USING (account_id, region, thing)
    WHERE endpoint_key IS NULL AND requested.thing IS NOT NULL
    UNION ALL
    SELECT CAST(measured_at AS DATE), NULL, model, counted_by, requests
    FROM requested
    WHERE endpoint_key IS NULL AND thing IS NULL AND model <> ''
    UNION ALL
    SELECT charge_date, resource_key, NULL, 'records of the job', requests
    FROM job
    WHERE requests IS NOT NULL
)
GROUP BY ALL
