-- How much of the serving cost of models in the newest month has a known volume, whether anything counts at all, and
-- what the largest gap is. A row a currency.
WITH newest AS (
    SELECT billing_period, billing_currency, sum(inference_cost) AS cost,
        bool_or(counted_requests IS NOT NULL) AS counts
    FROM unit_costs
    WHERE billing_period = (SELECT max(billing_period) FROM unit_costs)
    GROUP BY ALL
    HAVING sum(inference_cost) > 0
),

gap AS (
    SELECT billing_period, billing_currency, sum(effective_cost) AS unknown,
        max_by(concat(served_by, ' of ', model), (effective_cost, concat(served_by, ' of ', model))) AS largest
    FROM unit_gaps
    GROUP BY ALL
)

SELECT billing_period, billing_currency,
    round(greatest(CAST(0 AS DOUBLE), 1 - CAST(coalesce(unknown, 0) AS DOUBLE) / CAST(cost AS DOUBLE)), 4) AS share,
    counts, largest
FROM newest
LEFT JOIN gap USING (billing_period, billing_currency)
ORDER BY billing_currency
