-- Shares that are not what their weights say. The parts of a charge tell the weights of a pool ("3 of 10"):
-- together all of them, and each part is that share of their sum, to a ten-millionth of the currency: of several
-- charges in one row each may have been rounded.
WITH weight AS (
    SELECT billing_period, evidence_id, statement AS pool, TRY_CAST(split_part(said, ' of ', 1) AS HUGEINT) AS weight,
        TRY_CAST(split_part(said, ' of ', 2) AS HUGEINT) AS weights
    FROM attribution_evidence
    WHERE code = 'pool'
        AND ($period IS NULL OR billing_period = $period)
),

part AS (
    SELECT costs.billing_period, costs.charge_date, costs.export_name, costs.account_id,
        coalesce(costs.region_id, '') AS region_id, costs.billing_currency,
        costs.service_code, costs.charge_category, costs.usage_type, costs.operation, costs.resource_id, weight.pool,
        weight.weights,
        costs.evidence_id, any_value(weight.weight) AS weight, sum(costs.effective_cost) AS effective,
        sum(costs.billed_cost) AS billed
    FROM attributed_costs AS costs
    JOIN weight USING (billing_period, evidence_id)
    GROUP BY ALL
),

whole AS (
    SELECT *, sum(weight) OVER charge AS told, CAST(sum(effective) OVER charge AS DECIMAL(28,10)) AS all_effective,
        CAST(sum(billed) OVER charge AS DECIMAL(28,10)) AS all_billed
    FROM part
    WINDOW charge AS (
        PARTITION BY billing_period, charge_date, export_name, account_id, region_id, billing_currency, service_code,
            charge_category, usage_type, operation, resource_id, pool, weights
    )
)

SELECT billing_period || ': of ' || charge_date || ' '
    || concat_ws(' ', service_code, nullif(usage_type, ''), nullif(resource_id, '')) || ', ' || pool || ', the part of '
    || weight || ' of ' || weights || CASE
        WHEN told <> weights THEN ' stands beside others that make ' || told
        ELSE ' is ' || effective || ' of ' || all_effective END AS problem
FROM whole
-- In millionths of a millionth: products of money and weights leave every number of a fixed size.
WHERE told <> weights
    OR abs(
        CAST(effective AS DOUBLE) - CAST(all_effective AS DOUBLE) * CAST(weight AS DOUBLE) / CAST(weights AS DOUBLE)
    ) > 1e-7
    OR abs(
        CAST(billed AS DOUBLE) - CAST(all_billed AS DOUBLE) * CAST(weight AS DOUBLE) / CAST(weights AS DOUBLE)
    ) > 1e-7
ORDER BY ALL
