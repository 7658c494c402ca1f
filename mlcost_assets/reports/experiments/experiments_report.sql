-- What each team spent on each experiment in a quarter, and what became of it.
WITH month AS (
    SELECT *, string_agg(billing_period, ', ' ORDER BY billing_period) OVER (PARTITION BY quarter) AS months
    FROM (
        SELECT billing_period,
            concat(billing_period[:4], '-Q', quarter(CAST(billing_period || '-01' AS DATE))) AS quarter
        FROM (SELECT unnest($periods) AS billing_period)
    )
)

SELECT quarter, months, team, experiment,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost,
    count(DISTINCT resource_key) FILTER (is_run) AS runs,
    count(DISTINCT resource_key) FILTER (state IN ('failed', 'stopped')) AS failed_or_stopped_runs,
    CAST(coalesce(sum(effective_cost) FILTER (state IN ('failed', 'stopped')), 0) AS DECIMAL(28,10))
        AS failed_or_stopped,
    CAST(coalesce(sum(effective_cost) FILTER (became_deployed), 0) AS DECIMAL(28,10)) AS deployed,
    CAST(coalesce(sum(effective_cost) FILTER (NOT became_deployed), 0) AS DECIMAL(28,10)) AS not_deployed,
    CAST(coalesce(sum(effective_cost) FILTER (became_deployed IS NULL), 0) AS DECIMAL(28,10)) AS deployment_unknown,
    CAST(coalesce(sum(effective_cost) FILTER (NOT is_run), 0) AS DECIMAL(28,10)) AS interactive,
    CAST(sum(sum(effective_cost)) OVER (PARTITION BY quarter, team, billing_currency) AS DECIMAL(28,10)) AS team_cost,
    billing_currency
FROM experiment_runs
JOIN month USING (billing_period)
WHERE ($team IS NULL OR team = $team) AND ($experiment IS NULL OR experiment = $experiment)
    AND ($model IS NULL OR model = $model)
GROUP BY quarter, months, team, experiment, billing_currency
ORDER BY quarter, billing_currency, team NULLS LAST, sum(effective_cost) DESC, experiment
