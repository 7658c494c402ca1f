-- Effective cost by one short rule over the raw columns of `exported`: a commitment costs what it covered and what of
-- it was left unused, or where that is not told what was paid for it; upfront fees cost nothing; all else what is
-- billed.
WITH line AS (
    SELECT row_currency AS currency, line_item_line_item_type AS kind, line_item_unblended_cost AS gross,
        coalesce(savings_plan_savings_plan_a_r_n, reservation_reservation_a_r_n, '') AS commitment,
        CASE
            WHEN kind LIKE 'SavingsPlan%' THEN 'savings plans'
            WHEN kind IN ('DiscountedUsage', 'RIFee') THEN 'reservations'
            ELSE kind
        END AS type,
        kind IN ('SavingsPlanRecurringFee', 'RIFee') AS is_fee,
        commitment LIKE '%:savingsplan/%' OR line_item_product_code LIKE '%SavingsPlans' AS of_plan,
        kind = 'SavingsPlanUpfrontFee' OR kind = 'Fee' AND commitment <> ''
            OR (kind = 'Fee' OR kind LIKE '%Refund')
                AND regexp_matches(line_item_line_item_description, 'one-?time fee|up-?front|sign-? ?up charge', 'i')
                AND (commitment <> '' OR line_item_product_code SIMILAR TO
                    '.*SavingsPlans|Amazon(EC2|RDS|ElastiCache|Redshift|ES|DynamoDB|MemoryDB)') AS is_upfront,
        CASE
            WHEN NOT $net THEN line_item_unblended_cost
            WHEN kind LIKE '%Discount' THEN coalesce(line_item_net_unblended_cost, 0)
            ELSE coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
        END AS cost,
        CASE kind
            WHEN 'SavingsPlanCoveredUsage' THEN coalesce(
                CASE WHEN $net THEN savings_plan_net_savings_plan_effective_cost END,
                savings_plan_savings_plan_effective_cost
            )
            WHEN 'DiscountedUsage'
                THEN coalesce(CASE WHEN $net THEN reservation_net_effective_cost END, reservation_effective_cost)
        END AS covered,
        CASE kind
            WHEN 'SavingsPlanRecurringFee' THEN savings_plan_total_commitment_to_date - savings_plan_used_commitment
            WHEN 'RIFee' THEN coalesce(
                reservation_unused_amortized_upfront_fee_for_billing_period + reservation_unused_recurring_fee,
                reservation_unused_amortized_upfront_fee_for_billing_period, reservation_unused_recurring_fee
            )
        END AS unused,
        CASE kind
            WHEN 'SavingsPlanRecurringFee' THEN savings_plan_amortized_upfront_commitment_for_billing_period
            WHEN 'RIFee' THEN reservation_amortized_upfront_fee_for_billing_period
        END AS part,
        CASE kind
            WHEN 'SavingsPlanRecurringFee' THEN savings_plan_net_amortized_upfront_commitment_for_billing_period
            WHEN 'RIFee' THEN reservation_net_amortized_upfront_fee_for_billing_period
        END AS net_part
    FROM exported
    WHERE NOT is_split_cost
),

-- What was paid for the month, what covered charges carry of it, and what they leave.
commitment AS (
    SELECT currency, type, commitment, coalesce(sum(covered), 0) AS covered,
        CASE
            WHEN count(*) FILTER (is_fee AND unused IS NULL) > 0 THEN greatest(sum(paid) - coalesce(sum(covered), 0), 0)
            WHEN $net AND sum(gross_paid) > 0
                THEN CAST(CAST(sum(unused) AS DOUBLE) * sum(paid) / sum(gross_paid) AS DECIMAL(28,10))
            ELSE coalesce(sum(unused), 0)
        END AS unused
    FROM (
        SELECT *,
            CASE
                WHEN is_fee AND $net THEN cost + coalesce(net_part, part, 0)
                WHEN is_fee THEN cost + coalesce(part, 0)
            END AS paid,
            CASE WHEN is_fee THEN gross + coalesce(part, 0) END AS gross_paid
        FROM line
        WHERE type IN ('savings plans', 'reservations')
    )
    GROUP BY ALL
)

SELECT currency, type, CAST(sum(covered + unused) AS DECIMAL(28,10)) AS cost
FROM commitment
WHERE CASE type WHEN 'savings plans' THEN $plans_amortise ELSE $reservations_amortise END
GROUP BY ALL
UNION ALL
SELECT currency, type, CAST(sum(cost) AS DECIMAL(28,10))
FROM line
WHERE NOT CASE
    WHEN type = 'savings plans' OR is_upfront AND of_plan THEN $plans_amortise
    WHEN type = 'reservations' OR is_upfront THEN $reservations_amortise
    ELSE false END
GROUP BY ALL
