-- The series of the forecast.
SELECT whose.scope AS scope, whose.name AS name, charge_date,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    'USD' AS billing_currency
FROM (
    SELECT charge_date, effective_cost, unnest([
        {'scope': 'organisation', 'name': 'all'}, {'scope': 'team', 'name': team}, {'scope': 'model', 'name': model}
    ]) AS whose
    FROM attributed_costs
    WHERE is_ml
)
WHERE whose.name IS NOT NULL
GROUP BY ALL
