-- What the bill came to in both versions, month by month.
WITH version AS (
    SELECT false AS is_after, billing_period, billing_currency, effective_cost, model IS NOT NULL AND is_ml AS has_model
    FROM attributed_costs AT (VERSION => $before)
    UNION ALL
    SELECT true, billing_period, billing_currency, effective_cost, model IS NOT NULL AND is_ml
    FROM attributed_costs AT (VERSION => $after)
)

SELECT billing_period, billing_currency,
    CAST(coalesce(sum(effective_cost) FILTER (NOT is_after), 0) AS DECIMAL(28,10)) AS effective_before,
    CAST(coalesce(sum(effective_cost) FILTER (is_after), 0) AS DECIMAL(28,10)) AS effective_after,
    CAST(coalesce(sum(effective_cost) FILTER (NOT is_after AND has_model), 0) AS DECIMAL(28,10)) AS of_models_before,
    CAST(coalesce(sum(effective_cost) FILTER (is_after AND has_model), 0) AS DECIMAL(28,10)) AS of_models_after
FROM version
WHERE $period IS NULL OR billing_period = $period
GROUP BY ALL
ORDER BY ALL
