-- Whose each charge is: direct parts as they are, pooled parts by their owners, what has no scope to nobody.
--
-- Reads direct_parts, pool_parts (pooled_costs.sql) and pool_amounts (their settled amounts). owner numbers a charge's
-- parts; weight tells how much of the charge each is.
WITH part AS (
    SELECT
        charge, direct.is_ml, direct.model, direct.project, direct.pipeline, direct.experiment, direct.team,
        direct.environment, direct.business_function, direct.agent, direct.stage,
        CASE WHEN direct.split IS NULL THEN direct.method ELSE 'none' END AS method, direct.confidence,
        direct.evidence_id,
        direct.usage_quantity, direct.billed_cost, direct.effective_cost, direct.list_cost, direct.contracted_cost,
        direct.weight AS part_weight, 1 AS pool_weight, 1 AS pool_weights, part_id, 0 AS pool_owner, direct.pool
    FROM direct_parts AS direct
    WHERE part_id NOT IN (SELECT charge FROM pool_parts)
    UNION ALL
    SELECT
        parts.of_charge, parts.is_ml, parts.model, parts.project, NULL, NULL, parts.team, parts.environment,
        parts.business_function, NULL, parts.stage,
        CASE
            WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 'none'
            WHEN starts_with(parts.scope, 'split ') THEN 'rule'
            ELSE 'proportional' END,
        CASE
            WHEN coalesce(parts.model, parts.project, parts.team, parts.business_function) IS NULL THEN 0
            ELSE grade('pool') END,
        pool_evidence(parts),
        amounts.usage_quantity, amounts.billed_cost, amounts.effective_cost, amounts.list_cost, amounts.contracted_cost,
        parts.part_weight, parts.weight, parts.weights, parts.charge, parts.owner, true
    FROM pool_parts AS parts
    JOIN pool_amounts AS amounts USING (charge, owner)
)

SELECT * EXCLUDE (part_weight, pool_weight, pool_weights, part_id, pool_owner),
    -- A charge that is one part is weighed as that part is divided; else both weights count.
    CAST(CASE
        WHEN count(DISTINCT part_id) OVER (PARTITION BY charge) = 1
            THEN CASE WHEN pool_owner = 0 THEN part_weight ELSE pool_weight END
        ELSE greatest(
            round(
                1e9 * coalesce(
                    part_weight / nullif(max(part_weight) OVER (PARTITION BY charge), 0), 1
                ) * coalesce(pool_weight / nullif(pool_weights, 0), 1)
            ),
            1
        )
    END AS BIGINT) AS weight,
    row_number() OVER (PARTITION BY charge ORDER BY part_id, pool_owner) AS owner
FROM part
