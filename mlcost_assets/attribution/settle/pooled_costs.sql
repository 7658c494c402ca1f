-- Pool charges → every owner of the narrowest scope that has direct cost.
--
-- Tax, credits and discounts tell the product they are of, commitments what they covered (a reservation is of one
-- product also where that is not known), DBUs the kind of Databricks' clusters that used them, a control plane its
-- cluster; NAT and other networking serve account and region; what the payer's own account is charged (support, say) is
-- for everybody. A control plane on whose cluster nothing ran is its team's, where that is known, as are its logs
-- (docs/contract.md#idle-time-of-a-node). Where no scope has any cost the charge stays whole and unowned. `charge`
-- numbers the pooled parts: one charge may be pooled in part only.
WITH wanted AS (
    SELECT pool.*, usage_class IN ('tax', 'credit', 'discount') AS of_product, unnest([
        {
            'rank': rank_of('scopes', 'commitment'), 'scope': 'commitment',
            'scope_key': CASE WHEN usage_class IN ('commitment', 'unused_commitment') THEN commitment_id END
        },
        {
            'rank': rank_of('scopes', 'databricks'), 'scope': 'databricks',
            'scope_key': CASE
                WHEN usage_class = 'databricks' THEN concat_ws('|', billing_account_id, dbu_compute(usage_type))
            END
        },
        {
            'rank': rank_of('scopes', 'cluster'), 'scope': 'cluster',
            'scope_key': nullif(
                regexp_extract(coalesce(consumer_key, resource_id), '^(arn:[^/]*:eks:[^/]*:cluster/[^/]+)$', 1), ''
            )
        },
        {
            'rank': rank_of('scopes', 'product'), 'scope': 'product',
            'scope_key': CASE
                WHEN of_product
                    OR NOT ends_with(service_code, 'SavingsPlans')
                    AND usage_class IN ('commitment', 'unused_commitment')
                    THEN concat_ws('|', account_id, coalesce(product_code, service_code))
            END
        },
        {
            'rank': rank_of('scopes', 'region'), 'scope': 'region',
            'scope_key': CASE
                WHEN region_id <> '' AND NOT of_product
                    AND usage_class NOT IN ('support', 'commitment', 'unused_commitment')
                    THEN concat_ws('|', account_id, region_id)
            END
        },
        {
            'rank': rank_of('scopes', 'account'), 'scope': 'account',
            'scope_key': CASE
                WHEN account_id <> billing_account_id
                    OR NOT (of_product OR usage_class IN ('support', 'commitment', 'unused_commitment'))
                    THEN account_id
            END
        },
        {'rank': rank_of('scopes', 'payer'), 'scope': 'payer', 'scope_key': billing_account_id}
    ]) AS level
    FROM direct_parts AS pool
    WHERE pool AND split IS NULL
    UNION ALL
    -- What a split pools goes by its scope, and where that has no cost to nobody else.
    SELECT pooled.*, false,
        {
            'rank': rank_of('scopes', 'split'), 'scope': 'split ' || pooled.split,
            'scope_key': within_key(splits.within, pooled)
        }
    FROM direct_parts AS pooled
    JOIN splits ON splits.name = pooled.split
),

chosen AS (
    SELECT wanted.* FROM wanted
    WHERE level.scope_key IS NOT NULL
        -- Who has no cluster of the kind has used no DBUs of it.
        AND (usage_class <> 'databricks' OR starts_with(level.scope, 'split ') OR level.scope = 'databricks')
        AND (
            level.rank <= rank_of('scopes', 'cluster') OR team IS NULL
            OR usage_class <> 'control_plane' AND NOT coalesce(contains(consumer_key, ':eks:'), false)
        )
        AND EXISTS (
            FROM pool_weights AS weight
            WHERE weight.scope = level.scope AND weight.scope_key = level.scope_key
                AND weight.billing_currency = wanted.billing_currency
        )
    QUALIFY row_number() OVER (PARTITION BY part_id ORDER BY level.rank) = 1
)

SELECT chosen.part_id AS charge, chosen.charge AS of_charge, chosen.weight AS part_weight, chosen.stage, weight.owner,
    weight.weight, weight.scope, weight.scope_key,
    sum(weight.weight) OVER (PARTITION BY chosen.part_id) AS weights,
    weight.model, weight.project, weight.team, weight.environment, weight.business_function, weight.is_ml,
    chosen.usage_quantity, chosen.billed_cost, chosen.effective_cost, chosen.list_cost, chosen.contracted_cost
FROM chosen
JOIN pool_weights AS weight ON weight.scope = chosen.level.scope AND weight.scope_key = chosen.level.scope_key
    AND weight.billing_currency = chosen.billing_currency
