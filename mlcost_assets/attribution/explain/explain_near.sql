-- Models whose name is spelt nearly as $named or begins so; none that is merely the least unlike.
SELECT model
FROM (
    SELECT DISTINCT model FROM attributed_costs WHERE model IS NOT NULL AND is_ml
)
WHERE jaro_winkler_similarity(lower(model), lower($named)) >= 0.9
    OR length($named) > 2 AND starts_with(lower(model), lower($named))
ORDER BY jaro_winkler_similarity(lower(model), lower($named)) DESC, model
LIMIT 3
