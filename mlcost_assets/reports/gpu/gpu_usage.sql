-- Who used which accelerators on a day, for how long, and what that cost.
--
-- Hours are the bill's own quantities, divided among owners as attribution divided the cost of the machine
-- (attributed_costs); what EC2 and SageMaker bill for a machine counts hours, what others charge on top of it (EMR,
-- EKS Auto Mode, a credit) has a cost and no hours of its own.
WITH charge AS (
    SELECT charge_date, model, team, environment, machine_of(usage_type) AS instance_type, resource_id, stage,
        billing_currency, effective_cost, billed_cost, list_cost, usage_quantity,
        CASE
            WHEN charge_category <> 'Usage' THEN NULL
            WHEN service_code = 'AmazonSageMaker' AND contains(usage_type, 'ml.') THEN 'run'
            WHEN service_code <> 'AmazonEC2' THEN NULL
            WHEN regexp_matches(usage_type, '(Box|Spot|Dedicated)Usage:') THEN 'run'
            WHEN regexp_matches(usage_type, 'Unused(Box|Ded):') THEN 'unused'
        END AS counts
    FROM attributed_costs
    WHERE billing_period = $billing_period AND has_accelerators(machine_of(usage_type))
),

billed AS (
    SELECT charge_date, model, team, environment, instance_type, resource_id, billing_currency,
        bool_or(counts = 'run') AS runs,
        sum(usage_quantity) FILTER (counts = 'run') AS hours,
        sum(usage_quantity) FILTER (counts = 'unused') AS unused_hours,
        -- A negation of a savings plan has no quantity and costs nothing; a machine that costs something has run.
        coalesce(bool_or(counts = 'run' AND usage_quantity IS NULL AND effective_cost > 0), false) AS lacks_hours,
        sum(effective_cost) AS effective_cost, sum(billed_cost) AS billed_cost, sum(list_cost) AS list_cost,
        sum(effective_cost) FILTER (stage = 'inference') AS inference_cost,
        sum(effective_cost) FILTER (stage = 'inference' AND resource_id LIKE 'arn:%:sagemaker:%:endpoint/%')
            AS serving_cost
    FROM charge
    GROUP BY ALL
),

machine AS (
    SELECT billed.*, known.accelerators, known.accelerator,
        coalesce(known.kind, accelerator_kind(billed.instance_type)) AS kind,
        CASE
            WHEN known.accelerators IS NOT NULL AND NOT lacks_hours THEN scaled(coalesce(hours, 0), accelerators, 1)
        END AS accelerator_hours,
        -- A metric tells of the resource; where that ran on several types, of neither.
        min(billed.instance_type) FILTER (runs) OVER day = max(billed.instance_type) FILTER (runs) OVER day
            AS of_one_type
    FROM billed
    LEFT JOIN instance_types AS known ON known.instance_type = regexp_replace(billed.instance_type, '^ml\.', '')
    WINDOW day AS (PARTITION BY resource_id, charge_date, billing_currency)
),

-- SageMaker measures all accelerators of a machine together (four that are busy are 400); the agents on machines
-- (Container Insights, CloudWatch's agent, NVIDIA's DCGM) each by itself.
reading AS (
    SELECT
        CASE body ->> '$.Namespace'
            WHEN '/aws/sagemaker/Endpoints'
                THEN sagemaker_arn('endpoint', body ->> '$.Dimensions.EndpointName', region, account_id)
            WHEN '/aws/sagemaker/TrainingJobs'
                THEN sagemaker_arn('training-job', split_part(body ->> '$.Dimensions.Host', '/', 1), region, account_id)
            ELSE body ->> '$.Dimensions.InstanceId'
        END AS resource_id,
        body ->> '$.Dimensions' AS series, starts_with(body ->> '$.Namespace', '/aws/sagemaker/') AS of_all,
        collected_at,
        unnest(told_texts(body -> '$.Timestamps')) AS measured_at,
        unnest(told_percents(body -> '$.Values')) AS percent
    FROM metadata_records
    WHERE kind = 'cloudwatch:GetMetricData' AND (body ->> '$.Stat') = 'Average'
        AND CASE body ->> '$.MetricName'
            WHEN 'GPUUtilization' THEN (body ->> '$.Namespace') IN (
                '/aws/sagemaker/Endpoints', '/aws/sagemaker/TrainingJobs'
            ) AND len(json_keys(body, '$.Dimensions')) <= 2
            WHEN 'node_gpu_utilization' THEN true
            WHEN 'nvidia_smi_utilization_gpu' THEN true
            WHEN 'DCGM_FI_DEV_GPU_UTIL' THEN true
            ELSE false
        END
),

-- A day may have been collected more than once, each time more complete. Variants of an endpoint may have different
-- numbers of machines, which no metric tells.
measured AS (
    SELECT resource_id, CAST(measured_at AS DATE) AS charge_date, favg(percent) / 100 AS busy,
        bool_or(of_all) AS of_all, count(DISTINCT series) = 1 OR NOT contains(resource_id, ':endpoint/') AS is_clear
    FROM (
        SELECT resource_id, series, of_all, time_from_text(measured_at) AS measured_at,
            arg_max(percent, (collected_at, percent)) AS percent
        FROM reading
        WHERE resource_id <> '' AND strftime(time_from_text(measured_at), '%Y-%m') = $billing_period
        GROUP BY ALL
    )
    GROUP BY resource_id, charge_date
),

used AS (
    SELECT machine.*, is_clear IS NOT NULL AS is_measured, is_clear AND of_one_type AS is_told,
        CASE WHEN is_told AND runs THEN accelerator_hours END AS told_hours,
        CAST(told_hours AS DECIMAL(18,6))
            * CAST(busy / CASE WHEN of_all THEN greatest(accelerators, 1) ELSE 1 END AS DECIMAL(10,6)) AS busy_hours
    FROM machine
    LEFT JOIN measured USING (resource_id, charge_date)
),

summed AS (
    SELECT charge_date, model, team, environment, instance_type, billing_currency, kind, accelerator, accelerators,
        bool_or(lacks_hours) AS lacks_hours, bool_or(is_measured) AS is_measured,
        CAST(coalesce(sum(hours), 0) AS DECIMAL(28,10)) AS instance_hours,
        CAST(sum(accelerator_hours) AS DECIMAL(28,10)) AS accelerator_hours,
        CAST(coalesce(sum(unused_hours), 0) AS DECIMAL(28,10)) AS unused_hours,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
        CAST(coalesce(sum(inference_cost), 0) AS DECIMAL(28,10)) AS inference_cost,
        CAST(coalesce(sum(serving_cost), 0) AS DECIMAL(28,10)) AS serving_cost,
        CAST(sum(told_hours) AS DECIMAL(28,10)) AS measured_hours, sum(busy_hours) AS busy_hours
    FROM used
    GROUP BY ALL
)

SELECT $billing_period AS billing_period, charge_date, model, team, environment, instance_type,
    kind AS accelerator_kind, accelerator, accelerators,
    CASE WHEN NOT lacks_hours THEN instance_hours END AS instance_hours,
    CASE WHEN NOT lacks_hours THEN accelerator_hours END AS accelerator_hours,
    unused_hours, effective_cost, billed_cost, list_cost, inference_cost, serving_cost,
    CASE WHEN measured_hours > 0 THEN round(busy_hours / measured_hours, 4) END AS utilisation,
    coalesce(measured_hours, 0) AS measured_hours, billing_currency,
    CASE
        WHEN lacks_hours THEN 'the bill tells no quantity for a part of its machines'
        WHEN accelerators IS NULL THEN concat('how many accelerators ', instance_type, ' has is not known')
    END AS hours_unknown_because,
    CASE
        WHEN measured_hours > 0 THEN NULL
        WHEN instance_hours = 0 AND NOT lacks_hours THEN 'no machine ran: these are credits, surcharges or reservations'
        WHEN accelerators IS NULL THEN concat('how many accelerators ', instance_type, ' has is not known')
        WHEN is_measured THEN 'its metric speaks of several variants or instance types at once'
        ELSE 'no utilisation of its accelerators was collected for this day'
    END AS utilisation_unknown_because
FROM summed
