-- Per month, source and foundation model: the estimate, the bill, and what makes the difference, the largest first.
SELECT billing_period, source, min(foundation_model) AS foundation_model, model, team,
    CAST(sum(calls) AS BIGINT) AS calls, CAST(sum(failed_calls) AS BIGINT) AS failed_calls,
    CAST(sum(estimated_cost) AS DECIMAL(28,10)) AS estimated, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed, CAST(sum(list_cost) AS DECIMAL(28,10)) AS list,
    CAST(sum(difference) AS DECIMAL(28,10)) AS difference,
    CAST(sum(missing_calls) AS DECIMAL(28,10)) AS missing_calls, CAST(sum(retries) AS DECIMAL(28,10)) AS retries,
    CAST(sum(cache_tokens) AS DECIMAL(28,10)) AS cache_tokens, CAST(sum(price) AS DECIMAL(28,10)) AS price,
    CAST(sum(discount) FILTER (difference IS NOT NULL) AS DECIMAL(28,10)) AS discount,
    CAST(sum(rest) AS DECIMAL(28,10)) AS rest, billing_currency,
    coalesce(unmatched_because, min(rest_because)) AS because
FROM estimate_vs_bill
WHERE list_contains($periods, billing_period) AND ($model IS NULL OR model = $model) AND ($team IS NULL OR team = $team)
GROUP BY billing_period, source, foundation_model_key(foundation_model), model, team, billing_currency,
    unmatched_because
ORDER BY billing_period, source, billing_currency, abs(coalesce(sum(difference), 0)) DESC, foundation_model, model,
    team, unmatched_because
