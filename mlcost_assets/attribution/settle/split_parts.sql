-- Parts that a split divides further by whose they are (a platform team's cost, say) → their recipients, first split
-- first.
--
-- Reads parts_after_pools, direct_parts, rule_matches, splits and split_targets. `charge` numbers the divided parts.
WITH part AS (
    SELECT row_number() OVER (ORDER BY parts_after_pools.charge, parts_after_pools.owner) AS part_id,
        parts_after_pools.*,
        told.billed_thing, told.charge_date, told.billing_account_id, told.account_id, told.region_id, told.usage_type
    FROM parts_after_pools
    JOIN (
        SELECT DISTINCT ON (charge) charge, billed_thing, charge_date, billing_account_id, account_id, region_id,
            usage_type
        FROM direct_parts
    ) AS told USING (charge)
),

matched AS (
    SELECT part.*, splits.name AS split, splits.way, splits.within
    FROM part
    JOIN rule_matches AS condition ON condition.billing_period = $billing_period
        AND condition.billed_thing = part.billed_thing AND condition.kind = 'split'
        AND condition.valid_from <= part.charge_date AND condition.valid_to > part.charge_date
    JOIN splits ON splits.name = condition.name AND NOT splits.of_charge
        AND any_glob(splits.model, part.model) AND any_glob(splits.project, part.project)
        AND any_glob(splits.team, part.team) AND any_glob(splits.environment, part.environment)
    QUALIFY row_number() OVER (PARTITION BY part_id ORDER BY condition.place) = 1
),

-- In proportion to what: the direct cost, or the usage, of everything that the split does not divide itself.
measured AS (
    SELECT splits.name AS split, within_key(splits.within, part) AS scope_key, part.model, part.project, part.team,
        part.environment, part.business_function, part.is_ml,
        CAST(floor(sum(CASE
            WHEN len(splits.usage) > 0
                THEN CASE WHEN any_glob(splits.usage, part.usage_type) THEN part.usage_quantity ELSE 0 END
            WHEN splits.cost = 'billed_cost' THEN part.billed_cost
            WHEN splits.cost = 'list_cost' THEN part.list_cost
            ELSE part.effective_cost
        END) * 1000000) AS BIGINT) AS weight
    FROM part
    CROSS JOIN splits
    WHERE splits.way = 'proportional' AND NOT splits.of_charge AND NOT part.pool
        AND (splits.name, part.part_id) NOT IN (SELECT (split, part_id) FROM matched)
        AND (
            splits.name NOT IN (SELECT split FROM split_targets)
                OR (splits.name, part.team) IN (SELECT (split, team) FROM split_targets)
        )
    GROUP BY ALL
    HAVING weight > 0
),

recipient AS (
    SELECT matched.part_id, matched.split, target.team, matched.model, matched.project, matched.environment,
        matched.business_function, matched.is_ml, target.weight
    FROM matched
    JOIN split_targets AS target USING (split)
    WHERE matched.way <> 'proportional'
    UNION ALL
    SELECT matched.part_id, matched.split, measured.team, measured.model, measured.project, measured.environment,
        measured.business_function, measured.is_ml, measured.weight
    FROM matched
    JOIN measured ON measured.split = matched.split AND measured.scope_key = within_key(matched.within, matched)
    WHERE matched.way = 'proportional'
)

SELECT matched.part_id AS charge, matched.charge AS of_charge, matched.owner AS of_owner, matched.weight AS part_weight,
    matched.evidence_id AS of_evidence, recipient.split,
    row_number() OVER (PARTITION BY matched.part_id 
        ORDER BY recipient.team, recipient.model, recipient.project, recipient.environment, recipient.business_function,
            recipient.is_ml
    ) AS owner,
    recipient.weight, sum(recipient.weight) OVER (PARTITION BY matched.part_id) AS weights,
    recipient.is_ml, recipient.model, recipient.project, recipient.team, recipient.environment,
    recipient.business_function,
    matched.pipeline, matched.experiment, matched.agent, matched.stage,
    md5(
        concat_ws(
            chr(31), 'split', recipient.split, matched.evidence_id, coalesce(recipient.team, ''),
            coalesce(recipient.model, ''), CAST(recipient.weight AS VARCHAR),
        CAST(sum(recipient.weight) OVER (PARTITION BY matched.part_id) AS VARCHAR))) AS evidence_id,
    matched.usage_quantity, matched.billed_cost, matched.effective_cost, matched.list_cost, matched.contracted_cost
FROM matched
JOIN recipient USING (part_id)
