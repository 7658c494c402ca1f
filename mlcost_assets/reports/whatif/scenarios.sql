-- Every scenario of every endpoint, notebook, S3 prefix and log group, against what it costs now; the greatest saving
-- first.
--
-- What a savings plan commits stays billed to the plan's end, so the dearest case saves nothing of it.
WITH running AS (
    SELECT resource_key, models, team, environment, first_day, last_day, committed_cost, current_cost, billing_currency
    FROM rented_machines
    UNION ALL
    SELECT resource_key, models, team, environment, first_day, last_day, 0, current_cost, billing_currency
    FROM stored_data
),

compared AS (
    SELECT kinds AS kind,
        list_sort(list_distinct(flatten(list(machine.models)))) AS models,
        list(DISTINCT machine.team ORDER BY machine.team) FILTER (machine.team IS NOT NULL) AS teams,
        list(DISTINCT machine.environment ORDER BY machine.environment) AS environments,
        bool_or(machine.team IS NULL) AS lacks_team,
        min(machine.first_day) AS first_day, max(machine.last_day) AS last_day,
        CAST(sum(machine.committed_cost) AS DECIMAL(28,10)) AS committed_cost,
        CAST(sum(machine.current_cost) AS DECIMAL(28,10)) AS current_cost
    FROM scenario_kinds AS kinds
    JOIN running AS machine ON list_contains(kinds.resources, machine.resource_key)
        AND machine.billing_currency = kinds.billing_currency
    GROUP BY kinds
),

told AS (
    SELECT *, kind.resource_key AS resource_key, kind.billing_currency AS billing_currency, kind.scenario AS scenario,
        kind.target AS target, CASE WHEN kind.refused_because IS NULL THEN kind.cost_low END AS cost_low,
        CASE WHEN kind.refused_because IS NULL THEN kind.cost_expected END AS cost_expected,
        CASE WHEN kind.refused_because IS NULL
             THEN greatest(kind.cost_high, if(kind.scenario <> 'savings-plan', committed_cost, NULL))
        END AS cost_high
    FROM compared
)

SELECT resource_key, kind.resources AS resources, CASE WHEN len(models) = 1 THEN models[1] END AS model, models,
    CASE WHEN len(teams) = 1 AND NOT lacks_team THEN teams[1] END AS team,
    CASE WHEN len(environments) = 1 THEN environments[1] END AS environment, scenario, target, first_day, last_day,
    current_cost, cost_low, cost_expected, cost_high, CAST(current_cost - cost_high AS DECIMAL(28,10)) AS saving_low,
    CAST(current_cost - cost_expected AS DECIMAL(28,10)) AS saving_expected,
    CAST(current_cost - cost_low AS DECIMAL(28,10)) AS saving_high,
    one_off, CASE WHEN one_off >= 0 AND current_cost > cost_expected
         THEN round(one_off / (current_cost - cost_expected), 1) END AS months_to_pay_back,
    CASE WHEN kind.refused_because IS NULL THEN kind.delayed_requests END AS delayed_requests,
    CASE WHEN kind.refused_because IS NULL THEN kind.failed_requests END AS failed_requests,
    CASE WHEN kind.refused_because IS NULL THEN kind.basis END AS basis, kind.refused_because AS refused_because,
    CASE WHEN kind.refused_because IS NOT NULL THEN []
         WHEN committed_cost > 0 AND scenario <> 'savings-plan'
         THEN list_append(kind.assumptions, assumed('committed to a savings plan',
            CAST(committed_cost AS DECIMAL(28,2)) || ', which high keeps', 'bill'))
         ELSE kind.assumptions END AS assumptions,
    CAST(CASE WHEN kind.refused_because IS NULL THEN row_number() OVER (
        PARTITION BY resource_key, billing_currency
        ORDER BY kind.refused_because IS NOT NULL, cost_expected, scenario, target
    ) END AS INTEGER) AS rank, billing_currency
FROM told
CROSS JOIN whatif_options
