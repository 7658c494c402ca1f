-- Rules and splits of rules.yaml that decided nothing in any month in which they
-- hold, in their order, with what they matched.
WITH named AS (
    SELECT 'rule' AS kind, name
    FROM rules
    UNION ALL
    SELECT 'split', name
    FROM splits
)

SELECT kind, name, min(billing_period) AS first_period, max(billing_period) AS last_period,
    CAST(sum(things) AS BIGINT) AS things
FROM rule_counts
JOIN named USING (kind, name)
GROUP BY kind, name
HAVING NOT bool_or(decides)
ORDER BY kind, min(place)
