-- What each model cost in the month, fully loaded, and in the months before it.
WITH monthly AS (
    SELECT model, billing_period, billing_currency, min(team) AS team, sum(amount) AS cost,
        coalesce(sum(amount) FILTER (stage IN ('training', 'tuning', 'experimentation')), 0) AS training,
        coalesce(sum(amount) FILTER (stage = 'inference'), 0) AS inference
    FROM (
        SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
        FROM model_costs
        WHERE billing_period <= $period AND ($team IS NULL OR team = $team)
            AND billing_period >= strftime(CAST($period || '-01' AS DATE) - INTERVAL 12 MONTH, '%Y-%m')
            AND ($environment IS NULL OR environment = $environment) AND ($stage IS NULL OR stage = $stage)
    )
    GROUP BY model, billing_period, billing_currency
)

SELECT model, any_value(team) FILTER (billing_period = $period) AS team,
    CAST(sum(cost) FILTER (billing_period = $period) AS DECIMAL(28,10)) AS cost,
    map_from_entries(list((billing_period, CAST(cost AS DECIMAL(28,10))) ORDER BY billing_period)) AS by_month,
    CAST(sum(training) FILTER (billing_period = $period) AS DECIMAL(28,10)) AS training,
    CAST(sum(inference) FILTER (billing_period = $period) AS DECIMAL(28,10)) AS inference,
    CAST(sum(cost - training - inference) FILTER (billing_period = $period) AS DECIMAL(28,10)) AS all_else,
    billing_currency
FROM monthly
GROUP BY model, billing_currency
HAVING bool_or(billing_period = $period)
ORDER BY cost DESC, model, billing_currency
