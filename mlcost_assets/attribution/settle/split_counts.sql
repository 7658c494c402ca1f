-- What each split divided. Reads direct_parts (charges that it looks at whoever they belong to) and
-- split_parts (those it found by their owner).
SELECT $billing_period AS billing_period, split, billing_currency,
    CAST(count(*) AS BIGINT) AS charges,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM (
    SELECT split, billing_currency, effective_cost FROM direct_parts WHERE split IS NOT NULL
    UNION ALL
    SELECT parts.split, charge.billing_currency, parts.effective_cost
    FROM (
        SELECT DISTINCT ON (charge) * FROM split_parts
    ) AS parts
    JOIN (
        SELECT DISTINCT ON (charge) charge, billing_currency FROM direct_parts
    ) AS charge ON charge.charge = parts.of_charge
)
GROUP BY ALL
