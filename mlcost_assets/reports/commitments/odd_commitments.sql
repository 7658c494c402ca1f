-- What does not hold of the commitments of $periods, one sentence a finding. `untied`: a commitment's cost is that of
-- its charges in the bill, and its benefits add up to it. `odd`: what a person should look at.
WITH coverage AS (
    SELECT *, billing_period || ' ' || commitment_id || ' in ' || billing_currency AS what
    FROM commitment_coverage
    WHERE list_contains($periods, billing_period) AND commitment_category IN ('Spend', 'Usage')
),

charged AS (
    SELECT billing_period, commitment_id, billing_currency,
        coalesce(sum(effective_cost) FILTER (commitment_status = 'Used'), 0) AS used_cost,
        coalesce(sum(effective_cost) FILTER (commitment_status = 'Unused'), 0) AS unused_cost,
        coalesce(sum(list_cost) FILTER (commitment_status = 'Used'), 0) AS covered_list_cost
    FROM daily_charges
    WHERE list_contains($periods, billing_period) AND commitment_id IS NOT NULL
        AND (charge_category = 'Usage' OR commitment_status = 'Bought')
    GROUP BY ALL
),

benefit AS (
    SELECT billing_period, commitment_id, billing_currency, sum(used_cost) AS used_cost,
        sum(unused_cost) AS unused_cost, sum(covered_list_cost) AS covered_list_cost, sum(savings) AS savings
    FROM commitment_benefits
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
),

-- Whether AWS finalised all of a month: before that, fees stand for the month and use for the days so far.
final AS (
    SELECT billing_period
    FROM drop_totals
    JOIN billing_drops USING (export_name, billing_period, drop_id)
    WHERE state = 'loaded'
    GROUP BY 1
    HAVING bool_and(coalesce(drop_totals.is_final, false))
)

SELECT 'untied' AS finding,
    coalesce(what, billing_period || ' ' || commitment_id || ' in ' || billing_currency) || ': the bill has '
        || coalesce(charged.used_cost, 0) || ' used and ' || coalesce(charged.unused_cost, 0) || ' unused, the table '
        || coalesce(coverage.used_cost, 0) || ' and ' || coalesce(coverage.unused_cost, 0) AS text
FROM charged
FULL JOIN coverage USING (billing_period, commitment_id, billing_currency)
WHERE coverage.commitment_id IS NULL OR charged.commitment_id IS NULL
    OR coverage.used_cost <> charged.used_cost OR coverage.unused_cost <> charged.unused_cost
    OR coverage.committed_cost <> charged.used_cost + charged.unused_cost
    OR coverage.covered_list_cost <> charged.covered_list_cost
UNION ALL
SELECT 'untied', what || ': its benefits do not add up to it'
FROM coverage
LEFT JOIN benefit USING (billing_period, commitment_id, billing_currency)
WHERE coalesce(coverage.used_cost, 0) <> coalesce(benefit.used_cost, 0)
    OR coalesce(coverage.unused_cost, 0) <> coalesce(benefit.unused_cost, 0)
    OR coalesce(coverage.covered_list_cost, 0) <> coalesce(benefit.covered_list_cost, 0)
    OR coalesce(coverage.savings, 0) <> coalesce(benefit.savings, 0)
UNION ALL
SELECT 'untied',
    billing_period || ' ' || commitment_id || ' in ' || billing_currency
        || ': commitment_coverage does not have it, though commitment_benefits does'
FROM benefit
ANTI JOIN coverage USING (billing_period, commitment_id, billing_currency)
UNION ALL
SELECT 'odd', format('{}: it is used to {:.1f} %', what, 100 * utilisation)
FROM coverage
WHERE NOT utilisation BETWEEN 0 AND 1
UNION ALL
-- AWS rounds each amortised amount to eight decimals.
SELECT 'odd',
    format(
        '{}: its fees of the month come to {:.2f}, what is used and unused of it to {:.2f}', what,
        CAST(due_cost AS DOUBLE), CAST(committed_cost AS DOUBLE)
    )
FROM coverage
WHERE billing_period IN (FROM final) AND abs(due_cost - committed_cost) > greatest(0.01, abs(due_cost) / 10000)
ORDER BY ALL
