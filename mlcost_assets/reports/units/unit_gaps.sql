-- What serves a model without anything that counts it, why, and what would tell. Tokens that the bill counts are a
-- volume too: they are no gap.
WITH uncounted AS (
    SELECT serving_volumes.charge_date, serving_volumes.model, serving_volumes.billing_currency, kind, thing_key,
        counts_others, serving_volumes.service_name, serving_volumes.cost, counted_requests IS NOT NULL AS is_part
    FROM serving_volumes
    JOIN unit_costs ON unit_costs.billing_period = $billing_period
        AND unit_costs.charge_date = serving_volumes.charge_date AND unit_costs.model = serving_volumes.model
        AND unit_costs.billing_currency = serving_volumes.billing_currency
    WHERE unit_costs.requests IS NULL
        AND (
            serving_tier(kind) = 1 AND serving_volumes.requests IS NULL
            OR kind = 'Lambda' AND counted_requests IS NULL
        )
),

in_tokens AS (
    SELECT charge_date, model, billing_currency, resource_id AS thing_key,
        sum(effective_cost) FILTER (tokens IS NOT NULL) AS told,
        string_agg(DISTINCT pricing_unit, ', ' ORDER BY pricing_unit) FILTER (tokens IS NULL) AS unknown_unit
    FROM token_costs
    WHERE billing_period = $billing_period
    GROUP BY ALL
),

gap AS (
    SELECT uncounted.*, uncounted.cost - coalesce(told, 0) AS unknown_cost,
        CASE
            WHEN counts_others THEN 'its requests are counted, but not by model'
            WHEN kind = 'endpoint' THEN 'no Invocations of it were collected'
            WHEN kind = 'batch transform' THEN 'DescribeTransformJob does not say how many records it answered'
            WHEN kind = 'Bedrock batch' THEN 'the record of the job does not say how many records it answered'
            WHEN kind = 'Bedrock' AND unknown_unit IS NOT NULL
                THEN concat('the unit of the bill (', unknown_unit, ') does not say how many tokens it is')
            WHEN kind = 'Bedrock' THEN 'the bill counts no tokens of it, and nobody its calls'
            WHEN kind = 'Lambda' THEN 'the bill names no function, or one of several models'
            WHEN kind = 'pods and machines' THEN 'AWS counts no requests of pods and machines'
            ELSE 'its calls are not counted'
        END AS unknown_because,
        CASE
            WHEN counts_others AND kind = 'endpoint'
                THEN 'own metric (Sum) with the dimensions EndpointName and TargetModel'
            WHEN kind = 'endpoint'
                THEN 'cloudwatch:GetMetricData, AWS/SageMaker Invocations (Sum) by endpoint and variant'
            WHEN kind = 'batch transform' THEN 'own metric (Sum) with the dimension TransformJobName'
            WHEN kind = 'Bedrock batch' THEN 'bedrock:GetModelInvocationJob with processedRecordCount'
            WHEN kind = 'Bedrock' AND uncounted.thing_key <> ''
                THEN 'cloudwatch:GetMetricData, AWS/Bedrock Invocations (Sum) by ModelId'
            WHEN kind = 'Bedrock'
                THEN 'an application inference profile for the model, and AWS/Bedrock Invocations (Sum)'
            WHEN kind = 'Lambda' THEN 'cloudwatch:GetMetricData, AWS/Lambda Invocations (Sum) by function'
            WHEN kind = 'pods and machines'
                THEN 'AWS/ApplicationELB RequestCount (Sum) of a load balancer of its own, or '
                    || 'own metric (Sum) with the dimension Model'
            ELSE 'own metric (Sum) with the dimension Model'
        END AS told_by
    FROM uncounted
    LEFT JOIN in_tokens ON in_tokens.charge_date = uncounted.charge_date AND in_tokens.model = uncounted.model
        AND in_tokens.billing_currency = uncounted.billing_currency AND in_tokens.thing_key = uncounted.thing_key
)

SELECT $billing_period AS billing_period, model, kind AS served_by,
    min(service_name) AS service_name, unknown_because, told_by AS would_be_told_by,
    count(DISTINCT nullif(thing_key, '')) AS resources, count(DISTINCT charge_date) AS days,
    arg_max(thing_key, (cost, thing_key)) AS largest_resource,
    CAST(sum(unknown_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency
FROM gap
WHERE unknown_cost <> 0
GROUP BY ALL
