-- Whose usage each savings plan and reservation covered, and whose part of what it left unused is: attributed_costs, of
-- which the charges of a commitment keep its ARN. What commitment_coverage does not know of one is not known here.
WITH part AS (
    SELECT commitment_id, billing_currency, model, team, environment,
        coalesce(sum(list_cost) FILTER (commitment_status = 'Used'), 0) AS covered_list_cost,
        coalesce(sum(effective_cost) FILTER (commitment_status = 'Used'), 0) AS used_cost,
        coalesce(sum(effective_cost) FILTER (commitment_status = 'Unused'), 0) AS unused_cost
    FROM attributed_costs
    WHERE billing_period = $billing_period AND charge_category = 'Usage'
        AND commitment_status IN ('Used', 'Unused') AND commitment_id IS NOT NULL
    GROUP BY ALL
)

SELECT $billing_period AS billing_period, part.commitment_id, coverage.commitment_type, coverage.covers,
    part.model, part.team, part.environment, part.billing_currency,
    CASE WHEN coverage.covered_list_cost IS NOT NULL THEN CAST(part.covered_list_cost AS DECIMAL(28,10)) END
        AS covered_list_cost,
    CASE WHEN coverage.used_cost IS NOT NULL THEN CAST(part.used_cost AS DECIMAL(28,10)) END AS used_cost,
    CASE WHEN coverage.unused_cost IS NOT NULL THEN CAST(part.unused_cost AS DECIMAL(28,10)) END AS unused_cost,
    CASE
        WHEN coverage.savings IS NOT NULL
            THEN CAST(part.covered_list_cost - part.used_cost - part.unused_cost AS DECIMAL(28,10))
    END AS savings
FROM part
JOIN commitment_coverage AS coverage ON coverage.billing_period = $billing_period
    AND coverage.commitment_id = part.commitment_id AND coverage.billing_currency = part.billing_currency
    AND coverage.commitment_category <> 'Capacity'
