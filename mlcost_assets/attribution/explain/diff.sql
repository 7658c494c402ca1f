-- What each charge was attributed to in two versions of the lake → what changed hands, what came and what left.
--
-- $before and $after are versions. Within one charge (a day of what was billed) what owners lost is laid beside what
-- owners gained, in one order: where the two overlap, dollars changed hands; what stands beyond came with the bill, or
-- left it. So the changes of an owner sum to the difference of its cost, exactly.
WITH version AS (
    SELECT false AS is_after, * FROM attributed_costs AT (VERSION => $before)
    UNION ALL BY NAME
    SELECT true AS is_after, * FROM attributed_costs AT (VERSION => $after)
),

held AS (
    SELECT
        struct_pack(
            billing_period, charge_date, export_name, billing_account_id, account_id, region_id, service_code,
            charge_category, usage_type, operation, resource_id, billing_currency
        ) AS charge,
        struct_pack(
            team, environment, model, project, pipeline, experiment, agent, business_function, stage, is_ml
        ) AS owner,
        CAST(coalesce(sum(effective_cost) FILTER (NOT is_after), 0) AS DECIMAL(28,10)) AS cost_before,
        CAST(coalesce(sum(effective_cost) FILTER (is_after), 0) AS DECIMAL(28,10)) AS cost_after,
        min(evidence_id) FILTER (NOT is_after) AS evidence_before, min(evidence_id) FILTER (is_after) AS evidence_after
    FROM version
    WHERE $period IS NULL OR billing_period = $period
    GROUP BY ALL
),

-- A credit is negative: who holds less of it lost it.
changed AS (
    SELECT *, CASE WHEN sum(cost_before + cost_after) OVER (PARTITION BY charge) < 0 THEN -1 ELSE 1 END AS sign
    FROM held QUALIFY max(abs(cost_after - cost_before)) OVER (PARTITION BY charge) > 0
),

lost AS (
    SELECT charge, owner, evidence_before, sign, sign * (cost_before - cost_after) AS amount,
        sum(sign * (cost_before - cost_after)) OVER (PARTITION BY charge ORDER BY owner) AS upto
    FROM changed WHERE sign * (cost_before - cost_after) > 0
),

gained AS (
    SELECT charge, owner, evidence_after, sign, sign * (cost_after - cost_before) AS amount,
        sum(sign * (cost_after - cost_before)) OVER (PARTITION BY charge ORDER BY owner) AS upto
    FROM changed WHERE sign * (cost_after - cost_before) > 0
),

change AS (
    SELECT 'changed hands' AS change, lost.charge, lost.owner AS owner_before, gained.owner AS owner_after,
        evidence_before, evidence_after,
        lost.sign * (
            least(lost.upto, gained.upto) - greatest(lost.upto - lost.amount, gained.upto - gained.amount)
        ) AS effective_cost
    FROM lost
    JOIN gained USING (charge)
    WHERE lost.upto > gained.upto - gained.amount AND gained.upto > lost.upto - lost.amount
    UNION ALL
    SELECT 'left the bill', charge, owner, NULL, evidence_before, NULL,
        -sign * least(amount, upto - coalesce(all_gained, 0))
    FROM lost
    LEFT JOIN (
        SELECT charge, max(upto) AS all_gained FROM gained GROUP BY charge
    ) USING (charge)
    WHERE upto > coalesce(all_gained, 0)
    UNION ALL
    SELECT 'came with the bill', charge, NULL, owner, NULL, evidence_after,
        sign * least(amount, upto - coalesce(all_lost, 0))
    FROM gained
    LEFT JOIN (
        SELECT charge, max(upto) AS all_lost FROM lost GROUP BY charge
    ) USING (charge)
    WHERE upto > coalesce(all_lost, 0)
),

-- What differs of an owner; the evidence of the first of them is shown.
named AS (
    SELECT *, CASE WHEN change = 'changed hands' THEN list_filter([
            {'dimension': 'model', 'before': owner_before.model, 'after': owner_after.model},
            {'dimension': 'team', 'before': owner_before.team, 'after': owner_after.team},
            {'dimension': 'environment', 'before': owner_before.environment, 'after': owner_after.environment},
            {'dimension': 'project', 'before': owner_before.project, 'after': owner_after.project},
            {'dimension': 'pipeline', 'before': owner_before.pipeline, 'after': owner_after.pipeline},
            {'dimension': 'experiment', 'before': owner_before.experiment, 'after': owner_after.experiment},
            {'dimension': 'agent', 'before': owner_before.agent, 'after': owner_after.agent},
            {
                'dimension': 'business_function', 'before': owner_before.business_function,
                'after': owner_after.business_function
            },
            {'dimension': 'stage', 'before': owner_before.stage, 'after': owner_after.stage},
            {
                'dimension': 'is_ml', 'before': CAST(owner_before.is_ml AS VARCHAR),
                'after': CAST(owner_after.is_ml AS VARCHAR)
            }
    ],
        lambda one: one.before IS DISTINCT FROM one.after) ELSE [] END AS differs
    FROM change
),

-- Shares and pools have one reason for all dimensions.
said AS (
    SELECT is_after, evidence_id, dimension,
        min(statement) AS statement, min(sources) AS sources
    FROM (
        SELECT false AS is_after, evidence_id, dimension, statement, sources
        FROM attribution_evidence AT (VERSION => $before)
        UNION ALL
        SELECT true, evidence_id, dimension, statement, sources FROM attribution_evidence AT (VERSION => $after)
    )
    WHERE evidence_id IN (SELECT unnest([evidence_before, evidence_after]) FROM named)
    GROUP BY ALL
)

SELECT charge.billing_period, change, differs,
    coalesce(was.statement, was_shared.statement) AS because_before,
    coalesce(now.statement, now_shared.statement) AS because_after,
    min(coalesce(now.sources, now_shared.sources)) AS sources_after,
    owner_before.model AS model_before, owner_after.model AS model_after, owner_before.team AS team_before,
    owner_after.team AS team_after,
    count(DISTINCT nullif(charge.resource_id, '')) AS resources,
    arg_max(nullif(charge.resource_id, ''), abs(effective_cost)) AS largest_resource,
    list_sort(list(DISTINCT charge.service_code)) AS services,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, charge.billing_currency
FROM named
LEFT JOIN said AS was ON NOT was.is_after AND was.evidence_id = evidence_before AND was.dimension = differs[1].dimension
LEFT JOIN said AS now ON now.is_after AND now.evidence_id = evidence_after AND now.dimension = differs[1].dimension
LEFT JOIN said AS was_shared ON NOT was_shared.is_after AND was_shared.evidence_id = evidence_before
    AND was_shared.dimension IS NULL AND differs <> []
LEFT JOIN said AS now_shared ON now_shared.is_after AND now_shared.evidence_id = evidence_after
    AND now_shared.dimension IS NULL AND differs <> []
GROUP BY ALL
ORDER BY charge.billing_period, charge.billing_currency, change, abs(sum(effective_cost)) DESC, differs
