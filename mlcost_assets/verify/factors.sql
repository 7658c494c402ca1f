-- Every factor that evidence counts, with the kind and the place of its reason.
SELECT DISTINCT code, place, one.what AS what, one.factor AS factor
FROM (
    SELECT code, place, unnest(factors) AS one
    FROM attribution_evidence
    WHERE $period IS NULL OR billing_period = $period
)
ORDER BY ALL
