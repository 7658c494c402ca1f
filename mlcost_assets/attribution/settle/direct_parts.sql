-- The parts with their amounts: those of a shared charge divided, all others as they are.
--
-- Reads unsettled, and of it shared_parts.
SELECT * EXCLUDE (parts) FROM unsettled WHERE parts = 1
UNION ALL BY NAME
SELECT shared_parts.* EXCLUDE (parts) REPLACE (
    amounts.usage_quantity AS usage_quantity,
    amounts.billed_cost AS billed_cost, amounts.effective_cost AS effective_cost,
    amounts.list_cost AS list_cost, amounts.contracted_cost AS contracted_cost)
FROM shared_parts
JOIN divided('shared_parts') AS amounts USING (charge, owner)
