-- The models that have costs; `is_near` where spelt nearly as $model or beginning so. `periods` are the months of each.
SELECT model, list_sort(list(DISTINCT billing_period)) AS periods,
    jaro_winkler_similarity(lower(model), lower($model)) >= 0.85
        OR length($model) > 2 AND starts_with(lower(model), lower($model)) AS is_near
FROM attributed_costs
WHERE model IS NOT NULL AND is_ml
GROUP BY model
ORDER BY is_near DESC, CASE WHEN is_near THEN jaro_winkler_similarity(lower(model), lower($model)) END DESC, model
