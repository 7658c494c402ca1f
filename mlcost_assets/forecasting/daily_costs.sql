-- Daily ML spend of the organisation, of every team and of every model; days without cost are zero.
WITH ml AS (
    SELECT charge_date, team, model, effective_cost, billing_currency
    FROM attributed_costs
    WHERE is_ml AND charge_date < (SELECT max(charge_date) - 1 FROM attributed_costs)
),

scoped AS (
    SELECT 'organisation' AS scope, billing_currency AS name, charge_date, effective_cost, billing_currency FROM ml
    UNION ALL
    SELECT 'team', team, charge_date, effective_cost, billing_currency FROM ml WHERE team IS NOT NULL
    UNION ALL
    SELECT 'model', model, charge_date, effective_cost, billing_currency FROM ml WHERE model IS NOT NULL
),

spent AS (
    SELECT scope, name, billing_currency, charge_date, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM scoped
    GROUP BY ALL
),

-- A series runs to the end of the bill, so that what was stopped is forecast as stopped.
calendar AS (
    SELECT scope, name, billing_currency,
        unnest(generate_series(min(charge_date), (SELECT max(charge_date) FROM ml), INTERVAL 1 DAY)) AS charge_date
    FROM spent
    GROUP BY scope, name, billing_currency
)

SELECT scope, name, CAST(calendar.charge_date AS DATE) AS charge_date,
    coalesce(spent.effective_cost, 0) AS effective_cost, billing_currency
FROM calendar
LEFT JOIN spent USING (scope, name, billing_currency, charge_date)
