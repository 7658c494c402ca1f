-- What served each model, a day at a time: what it cost, and how many of the model's requests it answered, where that
-- is counted. What stands in front of something else has its own rows; nobody adds them to what is behind.
WITH charged AS (
    SELECT charge_date, model, billing_currency, tier_of.kind, resource AS thing_key,
        min(service_name) AS service_name, sum(effective_cost) AS cost, sum(billed_cost) AS billed,
        sum(list_cost) AS listed,
        greatest(sum(effective_cost), sum(list_cost)) > 0 AS serves
    FROM (
        SELECT charge_date, model, billing_currency, service_name, service_code, usage_type, stage, effective_cost,
            billed_cost, list_cost,
            coalesce(resource_key(resource_id, service_code, usage_type, region_id, account_id), '') AS key
        FROM attributed_costs
        WHERE billing_period = $billing_period
    )
    CROSS JOIN LATERAL (SELECT serving_kind(key, service_code, service_name, usage_type, stage) AS kind) AS tier_of
    CROSS JOIN LATERAL (
        SELECT CASE WHEN tier_of.kind <> 'pods and machines' THEN key ELSE '' END AS resource
    ) AS thing_of
    WHERE tier_of.kind IS NOT NULL
    GROUP BY ALL
),

-- A day of a thing that serves one model only is that model's.
sole AS (
    SELECT charge_date, thing_key, min(model) AS model, min(kind) AS kind
    FROM charged
    WHERE thing_key <> '' AND serves
    GROUP BY ALL
    HAVING count(DISTINCT model) = 1 AND count(model) = count(*)
),

-- The bill counts requests of functions and APIs itself, in its own unit.
billed AS (
    SELECT charge_date, resource_key(resource_id, service_code, usage_type, region_id, account_id) AS thing_key,
        CAST(round(sum(volume)) AS BIGINT) AS requests
    FROM billed_volumes
    WHERE what = 'request' AND resource_id <> ''
    GROUP BY ALL
    HAVING count(volume) = count(*)
),

-- A batch is answered as a whole: its records stand on the first day that it was paid for.
counted AS (
    SELECT coalesce(first_day.charge_date, request_counts.charge_date) AS charge_date, request_counts.thing_key,
        request_counts.model, requests, counted_by
    FROM request_counts
    LEFT JOIN (
        SELECT thing_key, min(charge_date) AS charge_date
        FROM charged
        WHERE kind IN ('batch transform', 'Bedrock batch')
        GROUP BY ALL
    ) AS first_day ON first_day.thing_key = request_counts.thing_key
    WHERE strftime(request_counts.charge_date, '%Y-%m') = $billing_period
    UNION ALL
    SELECT charge_date, thing_key, NULL, requests, 'the bill'
    FROM billed
    WHERE (charge_date, thing_key) NOT IN (SELECT (charge_date, thing_key) FROM request_counts WHERE thing_key <> '')
),

known AS (
    SELECT counted.charge_date, counted.thing_key, coalesce(counted.model, sole.model) AS model,
        CAST(sum(requests) AS BIGINT) AS requests,
        string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) AS counted_by
    FROM counted
    LEFT JOIN sole USING (charge_date, thing_key)
    GROUP BY ALL
),

-- Charges are by currency, requests are not: they stand beside each.
paid AS (
    SELECT charge_date, model, billing_currency, kind, thing_key, service_name, CAST(cost AS DECIMAL(28,10)) AS cost,
        CAST(billed AS DECIMAL(28,10)) AS billed_cost, CAST(listed AS DECIMAL(28,10)) AS list_cost
    FROM charged
    WHERE model IS NOT NULL AND serves
),

-- What answered without a charge of its own on that day (the free tier, a variant that another model pays).
unpaid AS (
    SELECT known.charge_date, known.model, billing_currency, known.thing_key
    FROM known
    JOIN (
        SELECT DISTINCT charge_date, model, billing_currency
        FROM attributed_costs
        WHERE billing_period = $billing_period AND model IS NOT NULL
    ) AS day USING (charge_date, model)
    WHERE (known.charge_date, known.model, billing_currency, coalesce(known.thing_key, 'own count')) NOT IN (
        SELECT (paid.charge_date, paid.model, paid.billing_currency, paid.thing_key) FROM paid
    )
),

thing AS (
    FROM paid
    UNION ALL
    SELECT charge_date, model, billing_currency,
        CASE WHEN thing_key IS NULL THEN 'own count' ELSE 'endpoint' END, thing_key, NULL, 0, 0, 0
    FROM unpaid
    WHERE thing_key IS NULL OR thing_key LIKE 'arn:%:sagemaker:%:endpoint/%'
)

SELECT
    thing.charge_date, thing.model, thing.billing_currency, thing.kind, thing.thing_key, thing.service_name, thing.cost,
    thing.billed_cost, thing.list_cost,
    CASE
        WHEN known.requests IS NOT NULL THEN known.requests
        -- A later day of a batch that is counted already.
        WHEN thing.kind IN ('batch transform', 'Bedrock batch') AND thing.thing_key IN (
            SELECT counted.thing_key FROM counted WHERE counted.thing_key IS NOT NULL
        ) THEN 0
    END AS requests,
    known.counted_by,
    known.requests IS NULL AND (thing.charge_date, thing.thing_key) IN (
        SELECT (counted.charge_date, counted.thing_key) FROM counted WHERE counted.thing_key IS NOT NULL
    ) AS counts_others
FROM thing
LEFT JOIN known ON known.charge_date = thing.charge_date AND known.model = thing.model
    AND known.thing_key IS NOT DISTINCT FROM thing.thing_key
