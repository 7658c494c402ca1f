-- The models that have costs, those spelt nearest to $model first; `periods` are the months of each.
SELECT model, list_sort(list(DISTINCT billing_period)) AS periods
FROM attributed_costs
WHERE model IS NOT NULL AND is_ml
GROUP BY model
ORDER BY jaro_winkler_similarity(model, lower($model)) DESC, model
LIMIT 5
