-- Where the gaps of a dimension are not the ML dollars without it: by how much.
WITH unowned AS (
    UNPIVOT (
        SELECT billing_period, billing_currency, billed_cost, effective_cost, model IS NULL AS model,
            team IS NULL AS team, environment IS NULL AS environment
        FROM attributed_costs WHERE is_ml AND list_contains($periods, billing_period)
    ) ON model, team, environment INTO NAME dimension VALUE lacks
),

difference AS (
    SELECT billing_period, dimension, billing_currency, effective_cost, billed_cost
    FROM evidence_gaps
    WHERE list_contains($periods, billing_period)
    UNION ALL
    SELECT billing_period, dimension, billing_currency, -effective_cost, -billed_cost FROM unowned WHERE lacks
)

SELECT billing_period, dimension, billing_currency, sum(effective_cost) AS effective_cost,
    sum(billed_cost) AS billed_cost
FROM difference
GROUP BY ALL
HAVING sum(effective_cost) <> 0 OR sum(billed_cost) <> 0
ORDER BY ALL
