-- What every rule and split of rules.yaml that holds in a month matched there, and what it decided.
--
-- A rule decides what no earlier rule set before it; a split, what it divided.
WITH held AS (
    SELECT kind, name, place
    FROM (
        SELECT 'rule' AS kind, name, place, since, until
        FROM rules
        UNION ALL
        SELECT 'split', name, place, since, until
        FROM splits
    )
    WHERE coalesce(since, always_from()) < CAST($billing_period || '-01' AS DATE) + INTERVAL 1 MONTH
        AND coalesce(until, always_to()) > CAST($billing_period || '-01' AS DATE)
),

matched AS (
    SELECT kind, name, billing_currency, count(DISTINCT nullif(resource_id, '')) AS resources, count(*) AS things,
        sum(effective_cost) AS effective_cost
    FROM rule_matches
    JOIN billed_things USING (billing_period, billed_thing)
    WHERE billing_period = $billing_period
    GROUP BY ALL
),

decided AS (
    SELECT 'rule' AS kind, rule AS name, billing_currency, sum(effective_cost) AS effective_cost
    FROM (
        SELECT DISTINCT billing_period, billed_thing, rule FROM rule_claims
    )
    JOIN billed_things USING (billing_period, billed_thing)
    WHERE billing_period = $billing_period
    GROUP BY ALL
    UNION ALL
    SELECT 'split', split, billing_currency, effective_cost FROM split_counts WHERE billing_period = $billing_period
)

SELECT $billing_period AS billing_period, held.kind, held.name, held.place + 1 AS place,
    coalesce(matched.things, 0) AS things, coalesce(matched.resources, 0) AS resources,
    CAST(coalesce(matched.effective_cost, 0) AS DECIMAL(28,10)) AS effective_cost,
    CAST(coalesce(decided.effective_cost, 0) AS DECIMAL(28,10)) AS decided_cost,
    decided.name IS NOT NULL AS decides, matched.billing_currency
FROM held
LEFT JOIN matched USING (kind, name)
LEFT JOIN decided USING (kind, name, billing_currency)
