-- Every factor that evidence counts, with the kind and the place of its reason, and whether that speaks of an owner.
SELECT DISTINCT of_owner, code, place, one.what AS what, one.factor AS factor
FROM (
    SELECT dimension IS NOT NULL AS of_owner, code, place, unnest(factors) AS one
    FROM attribution_evidence
    WHERE $period IS NULL OR billing_period = $period
)
ORDER BY ALL
