-- Sums that the written file ($file) and the published tables do not have in common: of the bill by currency and
-- account, of attributed_costs by owner. No rows when they are the same to the last digit.
WITH written AS (
    SELECT * FROM read_parquet($file)
),

published AS (
    SELECT 'line_items' AS source, concat_ws(' ', billing_currency, billing_account_id) AS what,
        sum(billed_cost) AS billed, sum(effective_cost) AS effective, sum(list_cost) AS list,
        sum(contracted_cost) AS contracted, sum(consumed_quantity) AS consumed
    FROM line_items WHERE billing_period = $billing_period AND NOT is_split_cost GROUP BY ALL
    UNION ALL
    SELECT 'attributed_costs',
        concat_ws(
            ' ', billing_currency, 'of model', coalesce(model, '-'), 'team', coalesce(team, '-'), 'environment',
            coalesce(environment, '-'), stage, method
        ),
        sum(billed_cost), sum(effective_cost), sum(list_cost), sum(contracted_cost), sum(usage_quantity)
    FROM attributed_costs WHERE billing_period = $billing_period GROUP BY ALL
),

exported AS (
    SELECT 'line_items' AS source, concat_ws(' ', BillingCurrency, BillingAccountId) AS what,
        sum(BilledCost) AS billed, sum(EffectiveCost) AS effective, sum(ListCost) AS list,
        sum(ContractedCost) AS contracted, sum(ConsumedQuantity) AS consumed
    FROM written GROUP BY ALL
    UNION ALL
    SELECT 'attributed_costs',
        concat_ws(
            ' ', BillingCurrency, 'of model', coalesce(x_Model, '-'), 'team', coalesce(x_Team, '-'), 'environment',
            coalesce(x_Environment, '-'), x_Stage, x_AttributionMethod
        ),
        sum(BilledCost), sum(EffectiveCost), sum(ListCost), sum(ContractedCost), sum(ConsumedQuantity)
    FROM written GROUP BY ALL
)

SELECT source, what
FROM (
    FROM published
    EXCEPT ALL
    FROM exported
)
UNION ALL
SELECT source, what
FROM (
    FROM exported
    EXCEPT ALL
    FROM published
)
ORDER BY source DESC, what
