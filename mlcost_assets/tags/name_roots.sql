-- The heads of families, with all that stands behind them: their own uses and those of their family.
--
-- Reads names_seen and name_families. A head may itself be in another's family (ranker-v2, the head of ranker-v2-prod,
-- in that of ranker): whether it is known is asked of it there.
SELECT
    family.dimension, family.head AS name, compact(family.head) AS compact,
    CAST(coalesce(sum(seen.resources), 0) AS BIGINT) AS resources,
    CAST(coalesce(sum(seen.effective_cost), 0) AS DECIMAL(28,10)) AS effective_cost,
    coalesce(any_value(itself.known), false) AS known,
    coalesce(any_value(itself.registered), false) AS registered,
    any_value(itself.registered_as) AS registered_as
FROM name_families AS family
LEFT JOIN names_seen AS seen ON seen.dimension = family.dimension AND seen.name = family.name
LEFT JOIN names_seen AS itself ON itself.dimension = family.dimension AND itself.name = family.head
GROUP BY family.dimension, family.head
