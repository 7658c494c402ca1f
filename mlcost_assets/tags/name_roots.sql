-- The heads of families, with all that stands behind them: their own uses and those of their family.
--
-- Reads names_seen and name_families.
SELECT
    family.dimension, family.head AS name, compact(family.head) AS compact,
    CAST(coalesce(sum(seen.resources), 0) AS BIGINT) AS resources,
    CAST(coalesce(sum(seen.effective_cost), 0) AS DECIMAL(28,10)) AS effective_cost,
    coalesce(bool_or(seen.known) FILTER (seen.name = family.head), false) AS known,
    coalesce(bool_or(seen.registered) FILTER (seen.name = family.head), false) AS registered,
    any_value(seen.registered_as) FILTER (seen.name = family.head) AS registered_as
FROM name_families AS family
LEFT JOIN names_seen AS seen ON seen.dimension = family.dimension AND seen.name = family.name
GROUP BY family.dimension, family.head
