-- Whom a pool is divided among: the direct effective cost of each owner in each scope of the month, in millionths.
--
-- Reads direct_parts (what direct_costs.sql made, amounts settled). Scopes from narrow to wide: what a commitment covered, a cluster,
-- a product of an account, account and region, account, payer. The cost that nobody owns is an owner too: nobody pays for it by silence (CONTRACT §6.6).
WITH direct AS (
    SELECT billing_account_id, account_id, coalesce(region_id, '') AS region_id, coalesce(product_code, service_code) AS product, billing_currency,
        commitment_id, regexp_extract(consumer_key, '^(arn:[^/]*:cluster/[^/]+)/', 1) AS cluster,
        model, project, team, environment, business_function, is_ml, effective_cost
    FROM direct_parts
    WHERE NOT pool AND usage_class NOT IN ('commitment', 'unused_commitment')
),

scoped AS (
    SELECT 'commitment' AS scope, commitment_id AS scope_key, * FROM direct WHERE commitment_id <> ''
    UNION ALL
    SELECT 'cluster', cluster, * FROM direct WHERE cluster <> ''
    UNION ALL
    SELECT 'product' AS scope, concat_ws('|', account_id, product) AS scope_key, * FROM direct
    UNION ALL
    SELECT 'region', concat_ws('|', account_id, region_id), * FROM direct
    UNION ALL
    SELECT 'account', account_id, * FROM direct
    UNION ALL
    SELECT 'payer', billing_account_id, * FROM direct
)

SELECT *,
    row_number() OVER (PARTITION BY scope, scope_key, billing_currency ORDER BY model, project, team, environment, business_function, is_ml) AS owner
FROM (
    SELECT scope, scope_key, billing_currency, model, project, team, environment, business_function, is_ml,
        CAST(floor(sum(effective_cost) * 1000000) AS BIGINT) AS weight
    FROM scoped
    GROUP BY ALL
    HAVING sum(effective_cost) > 0
)
