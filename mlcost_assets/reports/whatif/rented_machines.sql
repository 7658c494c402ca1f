-- What a scenario needs to know of every endpoint and notebook instance: what it cost in the last 30 full days of the
-- bill, what it runs on, whose it is, and its load.
WITH dated AS (
    SELECT last_full_day(max(charge_date)) AS last_day FROM attributed_costs
),

charged AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
        daily_charges.* EXCLUDE (resource_id), resource_id, last_day,
        regexp_extract(usage_type, '(Host|AsyncInf|ServerlessInf|Notebk):(ml\.|Mem-)', 1) AS runs_as,
        regexp_extract(usage_type, ':(ml\.[a-z0-9-]+\.[a-z0-9]+)$', 1) AS type
    FROM daily_charges
    CROSS JOIN dated
    WHERE service_code = 'AmazonSageMaker' AND charge_category = 'Usage' AND resource_id <> ''
        AND charge_date BETWEEN last_day - 29 AND last_day
        AND regexp_matches(usage_type, 'Host|AsyncInf|ServerlessInf|ProvisionedConcurrency|Data-Bytes|Notebk')
),

by_day AS (
    SELECT resource_key, billing_currency, charge_date,
        sum(usage_quantity) FILTER (type <> '' AND runs_as <> '') AS instance_hours
    FROM charged
    GROUP BY resource_key, billing_currency, charge_date
),

-- As many as ran at once; a day with 24.5 instance hours had a second one.
at_once AS (
    SELECT resource_key, billing_currency, CAST(ceil(max(instance_hours) / 24) AS BIGINT) AS instances
    FROM by_day
    GROUP BY resource_key, billing_currency
),

cost AS (
    SELECT resource_key, billing_currency, max(resource_id) AS resource_id, max(account_id) AS account_id,
        max(region_id) AS region_id, min(charge_date) AS first_day, max(last_day) AS last_day,
        list(DISTINCT runs_as ORDER BY runs_as) FILTER (runs_as <> '') AS modes,
        list(DISTINCT type ORDER BY type) FILTER (type <> '' AND runs_as <> '') AS instance_types,
        CAST(coalesce(sum(usage_quantity) FILTER (type <> '' AND runs_as <> ''), 0) AS DECIMAL(28,10))
            AS instance_hours,
        CAST(coalesce(sum(effective_cost) FILTER (runs_as <> ''), 0) AS DECIMAL(28,10)) AS instance_cost,
        CAST(coalesce(sum(list_cost) FILTER (runs_as <> ''), 0) AS DECIMAL(28,10)) AS instance_list_cost,
        CAST(coalesce(sum(effective_cost) FILTER (runs_as <> '' AND commitment_id IS NOT NULL), 0) AS DECIMAL(28,10))
            AS committed_cost,
        CAST(coalesce(sum(effective_cost) FILTER (usage_type LIKE '%VolumeUsage%'), 0) AS DECIMAL(28,10))
            AS storage_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS current_cost
    FROM charged
    WHERE resource_key IS NOT NULL
    GROUP BY resource_key, billing_currency
),

-- Names of one kind where there is one; an endpoint that serves several models has none of its own.
owned AS (
    SELECT resource_id, billing_currency,
        list(DISTINCT model ORDER BY model) FILTER (model IS NOT NULL) AS models,
        list(DISTINCT team ORDER BY team) FILTER (team IS NOT NULL) AS teams,
        list(DISTINCT environment ORDER BY environment) FILTER (environment IS NOT NULL) AS environments
    FROM attributed_costs
    CROSS JOIN dated
    WHERE service_code = 'AmazonSageMaker' AND resource_id <> '' AND charge_date BETWEEN last_day - 29 AND last_day
    GROUP BY resource_id, billing_currency
),

followed AS (
    SELECT *, lag(hour) OVER (PARTITION BY resource_key ORDER BY hour) AS hour_before
    FROM endpoint_hours
    WHERE requests > 0
),

loaded AS (
    SELECT resource_key, CAST(sum(requests) AS BIGINT) AS requests,
        count(DISTINCT CAST(hour AS DATE)) FILTER (requests IS NOT NULL) AS measured_days,
        max(requests) AS peak_requests, max(cpu_use) AS cpu_use, max(gpu_use) AS gpu_use,
        round(sum(latency_ms * requests) / nullif(sum(requests) FILTER (latency_ms IS NOT NULL), 0), 3) AS latency_ms
    FROM endpoint_hours
    GROUP BY resource_key
),

woken AS (
    SELECT resource_key, count(*) AS busy_hours,
        count(*) FILTER (hour_before IS DISTINCT FROM hour - INTERVAL 1 HOUR) AS wakes,
        CAST(sum(requests) FILTER (hour_before IS DISTINCT FROM hour - INTERVAL 1 HOUR) AS BIGINT) AS wake_requests
    FROM followed
    GROUP BY resource_key
),

-- How it is configured now; NULL where no record tells.
served AS (
    SELECT endpoint.from_id AS resource_key, count(DISTINCT serves.detail ->> '$.VariantName') AS variants,
        bool_or((model.body -> '$.VpcConfig') IS NOT NULL) AS in_vpc,
        bool_or(contains(model.body, '"MultiModel"')) AS multi_model
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS serves ON serves.from_id = endpoint.to_id AND serves.relation = 'serves'
    LEFT JOIN resource_history AS model ON model.resource_key = serves.to_id AND model.valid_to IS NULL
        AND model.kind = 'sagemaker:DescribeModel'
    WHERE endpoint.relation = 'configured_by' AND endpoint.valid_to IS NULL AND serves.valid_to IS NULL
    GROUP BY endpoint.from_id
),

composed AS (
    SELECT DISTINCT sagemaker_arn('endpoint', body ->> '$.EndpointName', region, account_id) AS resource_key
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeInferenceComponent' AND valid_to IS NULL
)

SELECT cost.resource_key, resource_id, regexp_extract(cost.resource_key, '[^/]*$') AS name,
    CASE
        WHEN modes = ['Host'] THEN 'real-time'
        WHEN modes = ['AsyncInf'] THEN 'asynchronous'
        WHEN modes = ['ServerlessInf'] THEN 'serverless'
        WHEN modes = ['Notebk'] THEN 'notebook'
        ELSE 'several'
    END AS mode,
    account_id, region_id, CASE WHEN len(models) = 1 THEN models[1] END AS model, coalesce(models, []) AS models,
    CASE WHEN len(teams) = 1 THEN teams[1] END AS team,
    CASE WHEN len(environments) = 1 THEN environments[1] END AS environment,
    first_day, last_day, last_day - first_day + 1 AS days,
    CASE WHEN len(instance_types) = 1 THEN instance_types[1] END AS instance_type,
    coalesce(instance_types, []) AS instance_types, coalesce(instances, 0) AS instances, instance_hours, instance_cost,
    instance_list_cost, committed_cost, storage_cost,
    CAST(current_cost - instance_cost - storage_cost AS DECIMAL(28,10)) AS other_cost, current_cost,
    requests, coalesce(measured_days, 0) AS measured_days, coalesce(busy_hours, 0) AS busy_hours,
    coalesce(wakes, 0) AS wakes, coalesce(wake_requests, 0) AS wake_requests, peak_requests, latency_ms,
    -- Of a machine with an accelerator the processor alone tells nothing.
    CASE WHEN NOT is_accelerated(array_to_string(instance_types, ' ')) THEN cpu_use
         WHEN gpu_use IS NOT NULL THEN greatest(gpu_use, cpu_use) END AS peak_use,
    variants, cost.resource_key IN (FROM composed) AS has_components, multi_model, in_vpc, cost.billing_currency
FROM cost
LEFT JOIN at_once USING (resource_key, billing_currency)
LEFT JOIN owned USING (resource_id, billing_currency)
LEFT JOIN loaded USING (resource_key)
LEFT JOIN woken USING (resource_key)
LEFT JOIN served USING (resource_key)
WHERE len(modes) > 0
