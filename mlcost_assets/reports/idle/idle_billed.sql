-- What the bill alone says of use: since when a machine runs day and night, an address is idle, capacity unused. The
-- newest day of an account is left out, because it may not be complete.
WITH bill AS (
    SELECT account_id, min(charge_date) AS bill_begins, max(charge_date) - 1 AS last_full_day
    FROM daily_charges
    GROUP BY account_id
),

metered AS (
    SELECT resource_id, service_code, usage_type, region_id, account_id, charge_date, usage_quantity,
        CASE
            WHEN regexp_matches(usage_type, 'NatGateway-Hours') THEN 'NAT hours'
            WHEN regexp_matches(usage_type, 'NatGateway-Bytes') THEN 'NAT bytes'
            WHEN regexp_matches(usage_type, '(PublicIPv4|ElasticIP):IdleAddress') THEN 'idle address'
            WHEN regexp_matches(usage_type, 'UnusedBox|UnusedDed') THEN 'unused capacity'
            WHEN regexp_matches(usage_type, 'TrainWarmPool') THEN 'warm pool'
            WHEN regexp_matches(usage_type, 'Notebk:ml\.') THEN 'notebook'
            WHEN regexp_matches(usage_type, '(Studio|RStudio|Canvas).*ml\.') THEN 'app'
        END AS measure
    FROM daily_charges
    WHERE charge_category = 'Usage' AND resource_id <> ''
),

day AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key, measure,
        account_id, region_id AS region, charge_date, CAST(sum(usage_quantity) AS DECIMAL(28,10)) AS quantity
    FROM metered
    WHERE measure IS NOT NULL
    GROUP BY ALL
    HAVING sum(usage_quantity) > 0
),

run AS (
    SELECT *,
        charge_date - CAST(
            row_number() OVER (PARTITION BY resource_key, measure, account_id, region ORDER BY charge_date) AS INTEGER
        ) AS run
    FROM day
    JOIN bill USING (account_id)
    WHERE charge_date <= last_full_day AND (measure NOT IN ('notebook', 'app') OR quantity >= $always_hours)
),

unbroken AS (
    SELECT resource_key, measure, account_id, region, min(charge_date) AS unbroken_since
    FROM run
    GROUP BY resource_key, measure, account_id, region, last_full_day, run
    HAVING max(charge_date) = last_full_day
)

SELECT resource_key, measure, account_id, region, min(charge_date) AS first_day, max(charge_date) AS last_day,
    bill_begins, last_full_day, any_value(unbroken_since) AS unbroken_since
FROM day
JOIN bill USING (account_id)
LEFT JOIN unbroken USING (resource_key, measure, account_id, region)
GROUP BY resource_key, measure, account_id, region, bill_begins, last_full_day
