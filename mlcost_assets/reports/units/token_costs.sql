-- What tokens of each model cost, by what was called and which way they went. A charge's tokens are divided as its
-- usage is.
WITH charged AS (
    SELECT charge_date, export_name, model, account_id, region_id, service_code, service_name, usage_type,
        coalesce(operation, '') AS operation, resource_id, billing_currency,
        coalesce(sum(usage_quantity), 0) AS used, sum(billed_cost) AS billed, sum(effective_cost) AS effective,
        sum(list_cost) AS listed
    FROM attributed_costs
    WHERE billing_period = $billing_period AND stage = 'inference' AND token_direction(usage_type) IS NOT NULL
    GROUP BY ALL
),

counted AS (
    SELECT charged.*, pricing_unit, told_by,
        CASE
            WHEN used = 0 THEN CAST(0 AS DECIMAL(38,10))
            -- Exact where one unit held all day; else to the whole token.
            WHEN each IS NOT NULL THEN used * each
            ELSE CAST(used * 10000000000 AS HUGEINT) * CAST(volume AS HUGEINT)
                // CAST(quantity * 10000000000 AS HUGEINT)
        END AS tokens
    FROM charged
    LEFT JOIN billed_volumes ON billed_volumes.charge_date = charged.charge_date
        AND billed_volumes.export_name = charged.export_name AND billed_volumes.account_id = charged.account_id
        AND billed_volumes.region_id IS NOT DISTINCT FROM charged.region_id
        AND billed_volumes.service_code = charged.service_code AND billed_volumes.usage_type = charged.usage_type
        AND billed_volumes.operation = charged.operation AND billed_volumes.resource_id = charged.resource_id
),

-- The foundation model behind an application's inference profile.
behind AS (
    SELECT resource_key, min(regexp_extract(json_extract_string(body, '$.models[0].modelArn'), '[^/]+$')) AS name
    FROM resource_history
    WHERE kind = 'bedrock:GetInferenceProfile'
    GROUP BY resource_key
),

summed AS (
    SELECT charge_date, model, account_id, region_id, service_name, resource_id, usage_type, billing_currency,
        string_agg(DISTINCT pricing_unit, ', ' ORDER BY pricing_unit) AS pricing_unit,
        string_agg(DISTINCT told_by, ', ' ORDER BY told_by) AS unit_told_by,
        CASE WHEN count(tokens) = count(*) THEN CAST(sum(tokens) AS DECIMAL(28,10)) END AS tokens,
        CAST(sum(billed) AS DECIMAL(28,10)) AS billed_cost, CAST(sum(effective) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(listed) AS DECIMAL(28,10)) AS list_cost
    FROM counted
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, charge_date, model, account_id, region_id, service_name, resource_id,
    coalesce(
        behind.name, nullif(regexp_extract(resource_id, ':(?:inference-profile|foundation-model)/(.+)$', 1), ''),
        CASE
            WHEN NOT starts_with(service_name, 'Amazon Bedrock')
                THEN regexp_replace(service_name, ' \(Amazon Bedrock.*$', '')
        END,
        nullif(regexp_extract(
            usage_type, '^(?:[A-Z]{2,4}[0-9]*-)?(.+?)[-_](?:text[-_]|prompt[-_])?(?:input|output|cache)', 1
        ), '')
    ) AS foundation_model,
    token_direction(usage_type) AS direction, usage_type,
    regexp_matches(usage_type, '(?i)batch') OR resource_id LIKE '%:model-invocation-job/%' AS is_batch,
    pricing_unit, unit_told_by, tokens, billed_cost, effective_cost, list_cost,
    per_million(billed_cost, tokens) AS billed_cost_per_million,
    per_million(effective_cost, tokens) AS cost_per_million,
    per_million(list_cost, tokens) AS list_cost_per_million,
    billing_currency,
    CASE
        WHEN tokens IS NOT NULL THEN NULL
        WHEN pricing_unit IS NULL THEN 'the bill gives no unit of this usage'
        ELSE concat('the unit of the bill (', pricing_unit, ') does not say how many tokens it is')
    END AS tokens_unknown_because
FROM summed
LEFT JOIN behind ON behind.resource_key = resource_id
