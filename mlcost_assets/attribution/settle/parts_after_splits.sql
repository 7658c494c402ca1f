-- Whose each charge is at last: parts_after_pools, those that a split divides given to its recipients.
WITH final AS (
    SELECT found.charge, found.is_ml, found.model, found.project, found.pipeline, found.experiment, found.team,
        found.environment, found.business_function, found.agent, found.stage,
        found.method, found.confidence, found.evidence_id, found.usage_quantity, found.billed_cost,
        found.effective_cost, found.list_cost, found.contracted_cost,
        found.weight AS part_weight, 1 AS weight, 1 AS weights, found.owner AS of_owner, 0 AS owner
    FROM parts_after_pools AS found
    WHERE NOT EXISTS (
        FROM split_parts WHERE split_parts.of_charge = found.charge AND split_parts.of_owner = found.owner
    )
    UNION ALL
    SELECT parts.of_charge, parts.is_ml, parts.model, parts.project, parts.pipeline, parts.experiment, parts.team,
        parts.environment, parts.business_function, parts.agent, parts.stage,
        'rule', 1, parts.evidence_id, amounts.usage_quantity, amounts.billed_cost, amounts.effective_cost,
        amounts.list_cost, amounts.contracted_cost,
        parts.part_weight, parts.weight, parts.weights, parts.of_owner, parts.owner
    FROM split_parts AS parts
    JOIN split_amounts AS amounts USING (charge, owner)
)

SELECT * EXCLUDE (part_weight, weight, weights, of_owner, owner),
    CAST(
        CASE
            WHEN bool_or(owner > 0) OVER (PARTITION BY charge) THEN greatest(
                round(
                    1e9 * coalesce(
                        part_weight / nullif(max(part_weight) OVER (PARTITION BY charge), 0), 1
                    ) * coalesce(weight / nullif(weights, 0), 1)
                ),
                1
            )
            ELSE part_weight END AS BIGINT
    ) AS weight,
    row_number() OVER (PARTITION BY charge ORDER BY of_owner, owner) AS owner
FROM final
