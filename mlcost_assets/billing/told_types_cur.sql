-- What the rows of a drop tell by currency and line-item type, read without the mapping: their cost, gross and
-- net of discounts, the discounts by name, and whether they tell what amortises commitments.
SELECT
    row_currency AS billing_currency,
    line_item_line_item_type AS type,
    CAST(coalesce(sum(line_item_unblended_cost), 0) AS DECIMAL(28,10)) AS gross,
    CAST(
        coalesce(sum(
            CASE
                WHEN line_item_line_item_type LIKE '%Discount' THEN line_item_net_unblended_cost
                ELSE coalesce(line_item_net_unblended_cost, line_item_unblended_cost)
            END
        ), 0) AS DECIMAL(28,10)
    ) AS net_cost,
    count(line_item_net_unblended_cost) AS net_rows,
    count(*) FILTER (line_item_currency_code IS NULL) AS rows_without_currency,
    -- What a commitment covers shows its discounts elsewhere than in its own cost.
    CAST(
        sum(line_item_unblended_cost - line_item_net_unblended_cost) FILTER (discount_total_discount IS NOT NULL
            AND line_item_line_item_type NOT LIKE 'SavingsPlan%' AND line_item_line_item_type <> 'DiscountedUsage')
        AS DECIMAL(28,10)
    ) AS left_out,
    CAST(
        sum(discount_total_discount) FILTER (line_item_net_unblended_cost IS NOT NULL
            AND line_item_line_item_type NOT LIKE 'SavingsPlan%' AND line_item_line_item_type <> 'DiscountedUsage')
        AS DECIMAL(28,10)
    ) AS discounts,
    count(*) FILTER (
        coalesce(savings_plan_savings_plan_effective_cost, savings_plan_net_savings_plan_effective_cost) IS NOT NULL
    ) AS plan_rows,
    count(*) FILTER (coalesce(reservation_effective_cost, reservation_net_effective_cost) IS NOT NULL)
        AS reservation_rows,
    count(*) FILTER (savings_plan_total_commitment_to_date - savings_plan_used_commitment IS NULL) AS plan_unused_lacks,
    count(*) FILTER (
        coalesce(reservation_unused_amortized_upfront_fee_for_billing_period, reservation_unused_recurring_fee) IS NULL
    ) AS reservation_unused_lacks
FROM exported
WHERE NOT is_split_cost
GROUP BY ALL
