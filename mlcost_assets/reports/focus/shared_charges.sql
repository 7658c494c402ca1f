-- The charges that several owners share, added up to what attribution divides:
-- one row a charge and set of FOCUS attributes.
SELECT
    row_number() OVER (ORDER BY summed) AS line, *
FROM (
    SELECT
        * EXCLUDE (
            billed_cost, effective_cost, list_cost, contracted_cost, x_unblended_cost, pricing_currency_effective_cost,
            consumed_quantity, pricing_quantity, commitment_discount_quantity, charge_period_start, charge_period_end,
            x_source_file, x_source_row
        ),
        sum(billed_cost) AS billed_cost, sum(effective_cost) AS effective_cost, sum(list_cost) AS list_cost,
        sum(contracted_cost) AS contracted_cost,
        sum(x_unblended_cost) AS x_unblended_cost,
        sum(pricing_currency_effective_cost) AS pricing_currency_effective_cost,
        sum(consumed_quantity) AS consumed_quantity, sum(pricing_quantity) AS pricing_quantity,
        sum(commitment_discount_quantity) AS commitment_discount_quantity,
        min(charge_period_start) AS charge_period_start, max(charge_period_end) AS charge_period_end,
        CASE WHEN count(*) = 1 THEN any_value(x_source_file) END AS x_source_file,
        CASE WHEN count(*) = 1 THEN any_value(x_source_row) END AS x_source_row
    FROM numbered_lines($billing_period)
    WHERE parts > 1
    GROUP BY ALL
) AS summed
