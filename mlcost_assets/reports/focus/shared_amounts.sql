-- Shared charges divided among their owners, exact in both directions: the parts of a row add up to that row, and
-- those of an owner to what attribution gave it.
--
-- A charge may stand in several rows (two prices, say) and be shared by several owners. Laid out as a table, rows down
-- and owners across, both the sums at its right and those at its foot are known. A cell is the difference of running
-- products, rows so far × owners so far ÷ total in whole quanta of 1e-10: each is rounded, but in a sum over a row or a
-- column all but the last cancel, and the last is exact. Where attribution divided nothing of a measure (it has none of
-- it, or it adds up to zero), the owners' weights decide; where those are zero, even parts.
WITH row_amount AS (
    UNPIVOT (
        SELECT line, charge, billed_cost, effective_cost, list_cost, contracted_cost, x_unblended_cost,
            pricing_currency_effective_cost,
            consumed_quantity, pricing_quantity, commitment_discount_quantity FROM shared_charges)
    ON COLUMNS(* EXCLUDE (line, charge)) INTO NAME measure VALUE amount
),

row_so_far AS (
    SELECT line, charge, measure, CAST(amount * 10000000000 AS HUGEINT) AS own,
        sum(CAST(amount * 10000000000 AS HUGEINT)) OVER (PARTITION BY charge, measure ORDER BY line) AS so_far
    FROM row_amount
),

owner_amount AS (
    SELECT part.charge, part.owner, measure.name AS measure, part.weight,
        CAST(coalesce(CASE measure.name
            WHEN 'billed_cost' THEN billed_cost
            WHEN 'effective_cost' THEN effective_cost
            WHEN 'list_cost' THEN list_cost
            WHEN 'contracted_cost' THEN contracted_cost
            WHEN 'consumed_quantity' THEN usage_quantity
        END, 0) * 10000000000 AS HUGEINT) AS given
    FROM parts_after_splits AS part
    CROSS JOIN (
        SELECT DISTINCT measure AS name FROM row_amount
    ) AS measure
    WHERE charge IN (SELECT charge FROM shared_charges)
),

owner_share AS (
    SELECT charge, owner, measure,
        CASE
            WHEN sum(given) OVER of_charge <> 0 THEN given
            WHEN sum(weight) OVER of_charge <> 0 THEN CAST(weight AS HUGEINT)
            ELSE 1 END AS share
    FROM owner_amount
    WINDOW of_charge AS (PARTITION BY charge, measure)
),

owner_so_far AS (
    SELECT charge, owner, measure, share,
        sum(share) OVER (PARTITION BY charge, measure ORDER BY owner) AS so_far,
        sum(share) OVER (PARTITION BY charge, measure) AS whole
    FROM owner_share
),

cell AS (
    SELECT row_so_far.line, owner, measure,
        row_so_far.so_far * owner_so_far.so_far // whole - (row_so_far.so_far - own) * owner_so_far.so_far // whole
        - row_so_far.so_far * (owner_so_far.so_far - share) // whole
        + (row_so_far.so_far - own) * (owner_so_far.so_far - share) // whole AS quanta
    FROM row_so_far
    JOIN owner_so_far USING (charge, measure)
)

PIVOT (
    SELECT line, owner, measure,
        CAST(CAST(quanta AS DECIMAL(28,0)) * CAST(0.0000000001 AS DECIMAL(10,10)) AS DECIMAL(28,10)) AS amount
    FROM cell
)
ON measure IN (
    'billed_cost', 'effective_cost', 'list_cost', 'contracted_cost', 'x_unblended_cost',
    'pricing_currency_effective_cost',
    'consumed_quantity', 'pricing_quantity', 'commitment_discount_quantity')
USING any_value(amount)
GROUP BY line, owner
