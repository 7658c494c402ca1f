-- What a thousand predictions of each model cost, a day at a time.
--
-- What answers a prediction counts it once: an endpoint, a batch, a model of Bedrock, pods. Functions, load balancers
-- and APIs stand in front of those; their counts are used only where nothing behind them is counted, the nearest first.
WITH tier AS (
    SELECT charge_date, model, billing_currency,
        count(*) FILTER (rank = 1) AS things,
        count(*) FILTER (rank = 1 AND requests IS NULL) AS uncounted,
        count(*) FILTER (rank = 1 AND requests IS NULL AND kind = 'endpoint') AS uncounted_endpoints,
        CASE WHEN uncounted_endpoints = 0 THEN sum(requests) FILTER (kind = 'endpoint') END AS endpoint_requests,
        bool_or(counts_others) FILTER (rank = 1 AND kind = 'endpoint') AS serves_others,
        max(requests) FILTER (kind = 'own count') AS own,
        sum(requests) FILTER (rank = 1 AND kind <> 'own count') AS behind,
        CASE WHEN bool_and(requests IS NOT NULL) FILTER (rank = 2) THEN sum(requests) FILTER (rank = 2) END
            AS functions,
        sum(requests) FILTER (rank = 2) IS NOT NULL OR count(*) FILTER (rank = 2) > 0 AS has_functions,
        sum(requests) FILTER (rank = 3) AS balancers,
        sum(requests) FILTER (rank = 4) AS apis,
        coalesce(sum(cost) FILTER (rank = 1 AND requests IS NULL), 0) AS uncounted_cost,
        coalesce(sum(billed_cost) FILTER (rank = 1 AND requests IS NULL), 0) AS uncounted_billed_cost,
        coalesce(sum(list_cost) FILTER (rank = 1 AND requests IS NULL), 0) AS uncounted_list_cost,
        [string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) FILTER (rank = 1 AND kind <> 'own count'),
            string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) FILTER (rank = 2),
            string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) FILTER (rank = 3),
            string_agg(DISTINCT counted_by, ', ' ORDER BY counted_by) FILTER (rank = 4),
            max(counted_by) FILTER (kind = 'own count')] AS counters
    FROM (
        SELECT *, CASE WHEN kind = 'own count' THEN 0 ELSE serving_tier(kind) END AS rank
        FROM serving_volumes
    )
    GROUP BY ALL
),

-- Which of the counts is the model's: 1 of what serves, 2 to 4 of what stands in front, 5 the organisation's own.
told AS (
    SELECT *,
        CASE
            WHEN own IS NOT NULL THEN 5
            WHEN things > uncounted THEN 1
            WHEN things = 0 AND NOT has_functions THEN NULL
            -- What stands in front of several things does not tell which of them it called.
            WHEN things > 1 THEN NULL
            WHEN functions IS NOT NULL THEN 2
            WHEN balancers IS NOT NULL THEN 3
            WHEN apis IS NOT NULL THEN 4
        END AS chosen
    FROM tier
),

counted AS (
    SELECT *, coalesce(chosen > 1 OR uncounted = 0, false) AS is_whole,
        [behind, functions, balancers, apis, own][chosen] AS requests_told
    FROM told
),

cost AS (
    SELECT charge_date, model, billing_currency,
        CAST(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS total_cost,
        CAST(coalesce(sum(list_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_list_cost,
        CAST(coalesce(sum(billed_cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference_billed_cost,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS total_billed_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS total_list_cost,
        CAST(coalesce(sum(contracted_cost) FILTER (
            stage IN ('inference', 'networking') AND priced_by_use(usage_type) AND charge_category = 'Usage'
        ), 0) AS DECIMAL(28,10)) AS usage_priced_cost,
        string_agg(DISTINCT service_name, ', ' ORDER BY service_name) FILTER (stage = 'inference') AS served_by
    FROM attributed_costs
    WHERE billing_period = $billing_period AND model IS NOT NULL
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, cost.charge_date, cost.model, known.requests,
    inference_cost, total_cost, inference_list_cost,
    per_thousand(inference_cost, known.requests) AS cost_per_1000,
    per_thousand(total_cost, known.requests) AS total_cost_per_1000,
    per_thousand(inference_list_cost, known.requests) AS list_cost_per_1000,
    cost.billing_currency,
    CASE
        WHEN known.requests IS NOT NULL THEN NULL
        WHEN served_by IS NULL THEN 'nothing served it on this day'
        WHEN requests_told IS NOT NULL AND uncounted_endpoints > 0
            THEN 'of a part of its endpoints no requests are known'
        WHEN requests_told IS NOT NULL THEN 'of a part of what serves it no requests are known'
        WHEN serves_others
            THEN 'the requests of its endpoint are not told by model'
        WHEN uncounted_endpoints > 0 THEN 'no Invocations of its endpoints were collected for this day'
        ELSE concat('served by ', served_by, ', where requests are not counted')
    END AS requests_unknown_because,
    inference_billed_cost, total_billed_cost, total_list_cost,
    per_thousand(inference_billed_cost, known.requests) AS billed_cost_per_1000,
    per_thousand(total_billed_cost, known.requests) AS total_billed_cost_per_1000,
    per_thousand(total_list_cost, known.requests) AS total_list_cost_per_1000,
    CASE WHEN requests_told IS NOT NULL THEN counters[chosen] END AS requests_counted_by,
    chosen BETWEEN 2 AND 4 AS is_counted_in_front,
    CAST(requests_told AS BIGINT) AS counted_requests,
    of_counted(inference_cost, uncounted_cost, requests_told, is_whole) AS counted_cost,
    of_counted(inference_billed_cost, uncounted_billed_cost, requests_told, is_whole) AS counted_billed_cost,
    of_counted(inference_list_cost, uncounted_list_cost, requests_told, is_whole) AS counted_list_cost,
    per_thousand(counted_cost, requests_told) AS counted_cost_per_1000,
    usage_priced_cost,
    CASE WHEN usage_priced_cost > 0 THEN per_thousand(usage_priced_cost, known.requests) END AS marginal_cost_per_1000,
    CAST(endpoint_requests AS BIGINT) AS endpoint_requests
FROM cost
LEFT JOIN counted USING (charge_date, model, billing_currency)
CROSS JOIN LATERAL (SELECT CASE WHEN is_whole THEN CAST(requests_told AS BIGINT) END AS requests) AS known
