-- Who uses which accelerators in a month, and for what part of the traffic.
WITH used AS (
    SELECT billing_period, model, team, environment, instance_type, min(accelerator) AS accelerator,
        CASE WHEN count(accelerator_hours) = count(*) THEN CAST(sum(accelerator_hours) AS DECIMAL(28,10)) END
            AS accelerator_hours,
        sum(effective_cost) AS cost, sum(inference_cost) AS inference,
        sum(sum(effective_cost)) OVER (PARTITION BY billing_period, billing_currency) AS total,
        CAST(sum(CAST(round(utilisation, 4) AS DECIMAL(9,4)) * CAST(measured_hours AS DECIMAL(18,6))) AS DOUBLE)
            / nullif(CAST(sum(measured_hours) AS DOUBLE), 0) AS utilisation, billing_currency
    FROM gpu_usage
    WHERE list_contains($periods, billing_period)
    GROUP BY billing_period, model, team, environment, instance_type, billing_currency
)

SELECT used.billing_period, used.model, used.team, used.environment, used.instance_type, used.accelerator,
    used.accelerator_hours, CAST(used.cost AS DECIMAL(28,10)) AS cost,
    CASE WHEN used.total > 0 THEN round(CAST(used.cost AS DOUBLE) / CAST(used.total AS DOUBLE), 4) END AS share_of_cost,
    CAST(used.inference AS DECIMAL(28,10)) AS inference, round(used.utilisation, 3) AS utilisation,
    round(whole.request_share, 4) AS share_of_requests, whole.is_outlier,
    of_team.is_outlier AS is_outlier_of_team,
    CASE
        WHEN used.inference = 0 THEN NULL
        WHEN of_team.is_outlier AND NOT coalesce(whole.is_outlier, false)
            THEN concat('of ', used.team, ': ', of_team.arithmetic)
        ELSE whole.arithmetic
    END AS traffic, used.billing_currency
FROM used
LEFT JOIN gpu_traffic AS whole ON whole.billing_period = used.billing_period AND whole.scope = 'organisation'
    AND whole.model IS NOT DISTINCT FROM used.model AND whole.billing_currency = used.billing_currency
    AND used.inference <> 0
LEFT JOIN gpu_traffic AS of_team ON of_team.billing_period = used.billing_period AND of_team.scope = 'team'
    AND of_team.team = used.team AND of_team.model IS NOT DISTINCT FROM used.model
    AND of_team.billing_currency = used.billing_currency AND used.inference <> 0
WHERE ($model IS NULL OR used.model = $model) AND ($team IS NULL OR used.team = $team)
    AND ($environment IS NULL OR used.environment = $environment)
ORDER BY used.billing_period, used.billing_currency, used.cost DESC, used.model, used.team, used.environment,
    used.instance_type
