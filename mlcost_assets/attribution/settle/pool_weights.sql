-- Whom a pool is divided among: the direct effective cost of each owner in each scope of the month, in millionths.
--
-- Reads direct_parts (what direct_costs.sql made, amounts settled). Scopes from narrow to wide: what a
-- commitment covered, the clusters of one kind of Databricks' compute (one subscription counts the DBUs of all
-- accounts), a cluster, a product of an account, account and region, account, payer; and those that
-- splits name, by the cost or usage they name. The cost that nobody owns is an owner too: nobody pays for it by
-- silence (docs/contract.md#pooled-charges).
WITH direct AS (
    SELECT billing_account_id, account_id, coalesce(region_id, '') AS region_id,
        coalesce(product_code, service_code) AS product, billing_currency,
        commitment_id,
        regexp_extract(
            coalesce(consumer_key, resource_key(resource_id, NULL, NULL, region_id, account_id)),
            '^(arn:[^/]*:cluster/[^/]+)/', 1
        ) AS cluster,
        databricks.compute AS databricks,
        model, project, team, environment, business_function, is_ml, effective_cost, effective_cost AS amount,
        billed_cost, list_cost, usage_type, usage_quantity
    FROM direct_parts
    LEFT JOIN (
        SELECT from_id, any_value(detail ->> '$.compute') AS compute
        FROM lineage_edges
        WHERE relation = 'machine_of'
        GROUP BY from_id
    ) AS databricks
        ON databricks.from_id = resource_key(resource_id, service_code, usage_type, region_id, account_id)
    WHERE NOT pool AND usage_class NOT IN ('commitment', 'unused_commitment')
        -- What others sell and run elsewhere draws on no network and no support of AWS's.
        AND NOT (usage_class IN ('marketplace', 'databricks') AND resource_id = '')
),

scoped AS (
    SELECT 'commitment' AS scope, commitment_id AS scope_key, * FROM direct WHERE commitment_id <> ''
    UNION ALL
    SELECT 'databricks', concat_ws('|', billing_account_id, databricks), * FROM direct WHERE databricks <> ''
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
    UNION ALL
    SELECT 'split ' || splits.name, within_key(splits.within, direct), direct.* REPLACE (CASE
        WHEN len(splits.usage) > 0
            THEN CASE WHEN any_glob(splits.usage, direct.usage_type) THEN direct.usage_quantity ELSE 0 END
        WHEN splits.cost = 'billed_cost' THEN direct.billed_cost
        WHEN splits.cost = 'list_cost' THEN direct.list_cost
        ELSE direct.effective_cost
    END AS amount)
    FROM direct
    CROSS JOIN splits
    WHERE splits.of_charge
)

SELECT *,
    row_number() OVER (
        PARTITION BY scope, scope_key, billing_currency
        ORDER BY model, project, team, environment, business_function, is_ml
    ) AS owner
FROM (
    SELECT scope, scope_key, billing_currency, model, project, team, environment, business_function, is_ml,
        CAST(floor(sum(amount) * 1000000) AS BIGINT) AS weight
    FROM scoped
    GROUP BY ALL
    HAVING sum(amount) > 0
)
