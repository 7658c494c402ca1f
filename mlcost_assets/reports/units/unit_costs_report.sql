-- Per model and month: requests, tokens, and what a thousand or a million of them cost.
WITH month AS (
    SELECT billing_period, model, billing_currency,
        CAST(sum(counted_requests) AS BIGINT) AS requests,
        count(requests) AS whole_days, count(*) FILTER (inference_cost > 0 OR counted_requests > 0) AS serving_days,
        sum(inference_cost) AS inference, sum(total_cost) AS total, sum(counted_cost) AS counted,
        sum(counted_billed_cost) AS billed, sum(counted_list_cost) AS listed,
        -- What a model costs beside inference belongs to no part of its requests: whole days only.
        sum(requests) AS whole_requests, sum(total_cost) FILTER (requests IS NOT NULL) AS whole_total,
        sum(total_list_cost) FILTER (requests IS NOT NULL) AS whole_total_listed,
        sum(usage_priced_cost) FILTER (requests IS NOT NULL) AS whole_usage_priced,
        bool_or(is_counted_in_front) AS is_counted_in_front
    FROM unit_costs
    WHERE list_contains($periods, billing_period) AND ($model IS NULL OR model = $model)
    GROUP BY ALL
),

tokens AS (
    SELECT billing_period, model, billing_currency, sum(tokens) AS tokens,
        sum(effective_cost) FILTER (tokens IS NOT NULL) AS cost, sum(billed_cost) FILTER (tokens IS NOT NULL) AS billed,
        sum(list_cost) FILTER (tokens IS NOT NULL) AS listed
    FROM token_costs
    WHERE list_contains($periods, billing_period) AND model IS NOT NULL
    GROUP BY ALL
)

SELECT billing_period, model, CAST(inference AS DECIMAL(28,10)) AS inference, CAST(total AS DECIMAL(28,10)) AS total,
    requests, serving_days, whole_days, CAST(counted AS DECIMAL(28,10)) AS inference_counted,
    per_thousand(counted, requests) AS per_1000, per_thousand(whole_total, whole_requests) AS loaded_per_1000,
    per_thousand(month.billed, requests) AS billed_per_1000, per_thousand(month.listed, requests) AS list_per_1000,
    per_thousand(whole_total_listed, whole_requests) AS loaded_list_per_1000,
    CASE WHEN whole_usage_priced > 0 THEN per_thousand(whole_usage_priced, whole_requests) END AS marginal_per_1000,
    is_counted_in_front, CAST(tokens.tokens AS DECIMAL(28,10)) AS tokens,
    per_million(cost, tokens.tokens) AS per_1m_tokens,
    per_million(tokens.billed, tokens.tokens) AS billed_per_1m_tokens,
    per_million(tokens.listed, tokens.tokens) AS list_per_1m_tokens, billing_currency
FROM month
LEFT JOIN tokens USING (billing_period, model, billing_currency)
WHERE inference <> 0 OR requests > 0
ORDER BY billing_period, billing_currency, inference DESC, model
