-- Errors of what is published, as parts of what the simulation knows. $day is the day that was estimated.
WITH true_month AS (
    SELECT billing_period, model, sum(effective_cost) AS cost, bool_and(model_knowable) AS is_known
    FROM true_charges
    WHERE is_ml AND model IS NOT NULL
    GROUP BY ALL
),

model_month AS (
    SELECT true_month.cost, abs(coalesce(given.cost, 0) - true_month.cost) AS error
    FROM true_month
    LEFT JOIN (
        SELECT billing_period, model, sum(effective_cost) AS cost FROM attributed_costs WHERE is_ml GROUP BY ALL
    ) AS given USING (billing_period, model)
    WHERE is_known AND true_month.cost > 0
),

unit AS (
    SELECT known.cost, abs(coalesce(given.cost, 0) - known.cost) AS error
    FROM (
        SELECT model, charge_date, sum(effective_cost) AS cost
        FROM true_charges
        SEMI JOIN (
            SELECT model, charge_date FROM unit_costs WHERE requests > 0
        ) AS counted USING (model, charge_date)
        WHERE is_ml AND stage = 'inference'
        GROUP BY ALL
    ) AS known
    LEFT JOIN (
        SELECT model, charge_date, sum(inference_cost) AS cost FROM unit_costs GROUP BY ALL
    ) AS given USING (model, charge_date)
),

experiment AS (
    SELECT coalesce(known.cost, 0) AS cost, abs(coalesce(given.cost, 0) - coalesce(known.cost, 0)) AS error
    FROM (
        SELECT billing_period, normal_form(experiment) AS experiment, sum(effective_cost) AS cost
        FROM true_charges
        WHERE experiment IS NOT NULL
        GROUP BY ALL
    ) AS known
    FULL JOIN (
        SELECT billing_period, experiment, sum(effective_cost) AS cost FROM experiment_costs GROUP BY ALL
    ) AS given USING (billing_period, experiment)
),

estimate AS (
    SELECT known.cost, abs(coalesce(given.cost, 0) - known.cost) AS error
    FROM (
        SELECT day AS charge_date, model, estimated - price - cache_tokens - retries AS cost FROM true_estimates
    ) AS known
    LEFT JOIN (
        SELECT charge_date, model, sum(estimated_cost - price - cache_tokens - retries) AS cost
        FROM estimate_vs_bill
        WHERE is_seen
        GROUP BY ALL
    ) AS given USING (charge_date, model)
),

-- An endpoint that nobody calls costs as much in truth as it is billed; of a found one that is called nothing counts.
idle AS (
    SELECT given.cost AS found, known.cost AS known
    FROM (
        SELECT resource_key, sum(cost_per_month) AS cost
        FROM idle_resources
        WHERE kind = 'endpoint' AND degree = 'unused' AND part IS NULL AND NOT by_design
        GROUP BY ALL
    ) AS given
    FULL JOIN (
        SELECT resource_id AS resource_key, sum(effective_cost) AS cost
        FROM true_charges
        SEMI JOIN true_uncalled USING (resource_id)
        WHERE billing_period = strftime(CAST($day AS DATE), '%Y-%m')
        GROUP BY ALL
    ) AS known USING (resource_key)
),

live AS (
    SELECT sum(estimated_cost) AS estimated, sum(billed_cost) AS billed
    FROM live_accuracy
    WHERE day = CAST($day AS DATE)
)

SELECT
    (SELECT CAST(sum(error) / sum(cost) AS DOUBLE) FROM model_month),
    (SELECT CAST(max(error / cost) AS DOUBLE) FROM model_month),
    (SELECT CAST(sum(error) / sum(cost) AS DOUBLE) FROM unit),
    (SELECT CAST(sum(error) / sum(cost) AS DOUBLE) FROM experiment),
    (SELECT CAST(sum(error) / sum(cost) AS DOUBLE) FROM estimate),
    (SELECT CAST(sum(found) FILTER (known IS NOT NULL) / sum(found) AS DOUBLE) FROM idle),
    (SELECT CAST(sum(known) FILTER (found IS NOT NULL) / sum(known) AS DOUBLE) FROM idle),
    (SELECT CAST(abs(estimated - billed) / billed AS DOUBLE) FROM live)
