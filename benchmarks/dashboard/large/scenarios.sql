-- What running each resource of the newest month another way would save.
SELECT resource_key, [resource_id] AS resources, model, [model] AS models, team, environment, scenario,
    'smaller' AS target,
    DATE '2026-10-31' AS first_day, DATE '2026-11-29' AS last_day, daily_cost * 30 AS current_cost,
    daily_cost * 10 AS cost_low,
    daily_cost * 15 AS cost_expected, daily_cost * 20 AS cost_high, daily_cost * 10 AS saving_low,
    daily_cost * 15 AS saving_expected, daily_cost * 20 AS saving_high, 'measured' AS basis, 1 AS rank,
    'USD' AS billing_currency
FROM thing, (VALUES ('rightsizing'), ('batch'), ('serverless'), ('spot')) AS each(scenario)
WHERE model IS NOT NULL AND first_day + 499 >= DATE '2026-11-01' - 365
