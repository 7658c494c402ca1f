-- What each of $periods came to, and how much of its ML spend has an owner. An owner is a team.
--
-- Totals are net, so they are those of every other table. A share of a net total may lie beyond 0 and 1, so that of
-- the owned is one of charges alone: credits are aside, and commitments too, whose unused part is nobody's work.
-- ml_cost is NULL where there is no ML spend.
SELECT billing_period, billing_currency,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(effective_cost) FILTER (is_ml) AS DECIMAL(28,10)) AS ml_cost,
    CAST(coalesce(sum(effective_cost) FILTER (is_ml_charge), 0) AS DECIMAL(28,10)) AS ml_charges,
    CAST(coalesce(sum(effective_cost) FILTER (is_ml_charge AND team IS NULL), 0) AS DECIMAL(28,10)) AS unowned_charges
FROM (
    SELECT *, is_ml AND effective_cost > 0 AND stage <> 'commitment' AS is_ml_charge FROM attributed_costs
)
WHERE list_contains($periods, billing_period)
GROUP BY billing_period, billing_currency
ORDER BY billing_period, billing_currency
