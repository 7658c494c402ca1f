-- What each run of an experiment cost in a month, how it ended, and whether its model was deployed. Experimenting is
-- what carries the name of an experiment, whatever its stage, and experimentation and tuning without such a name.
WITH charged AS (
    SELECT billing_period, experiment, resource_id,
        resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key, account_id, team,
        model, stage,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
        billing_currency
    FROM attributed_costs
    WHERE billing_period = $billing_period
        AND (experiment IS NOT NULL OR stage IN ('experimentation', 'tuning'))
    GROUP BY ALL
),

typed AS (
    SELECT *, coalesce(resource_type LIKE '%-job' OR resource_type = 'pod', false) AS is_run
    FROM charged
    CROSS JOIN LATERAL (
        SELECT CASE
                WHEN contains(resource_key, '/Pod/') THEN 'pod'
                WHEN starts_with(resource_key, 'i-') THEN 'instance'
                ELSE nullif(regexp_extract(resource_key, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:([A-Za-z-]+)[/:]', 1), '')
        END AS resource_type
    )
)

SELECT billing_period, experiment, resource_id, team, model, stage, billed_cost, effective_cost, list_cost,
    billing_currency, typed.resource_key, account_id, resource_type, is_run,
    CASE WHEN is_run THEN state END AS state,
    CASE WHEN is_run THEN became_deployed END AS became_deployed,
    CASE WHEN is_run THEN deployed_as END AS deployed_as,
    CASE
        WHEN is_run AND run_outcomes.resource_key IS NULL THEN 'no record of it was collected'
        WHEN is_run THEN why_not
        WHEN typed.resource_key IS NULL THEN 'the bill names no resource'
        ELSE 'no run: nothing records what was made in it'
    END AS why_not
FROM typed
LEFT JOIN run_outcomes ON run_outcomes.resource_key = typed.resource_key
