-- Pool charges → every owner of the narrowest scope that has direct cost.
--
-- Tax, credits and discounts tell the product they are of; NAT and control planes the region; what the payer's own account is
-- charged (support, say) is for everybody. Where no scope has any cost the charge stays whole and unowned.
WITH wanted AS (
    SELECT pool.*, unnest([
        {'rank': 1, 'scope': 'product', 'scope_key': CASE WHEN usage_class IN ('tax', 'credit', 'discount') THEN concat_ws('|', account_id, product_code) END},
        {'rank': 2, 'scope': 'region', 'scope_key': CASE WHEN region_id <> '' AND usage_class NOT IN ('tax', 'credit', 'discount', 'support') THEN concat_ws('|', account_id, region_id) END},
        {'rank': 3, 'scope': 'account', 'scope_key': CASE WHEN account_id <> billing_account_id OR usage_class NOT IN ('tax', 'credit', 'discount', 'support') THEN account_id END},
        {'rank': 4, 'scope': 'payer', 'scope_key': billing_account_id}
    ]) AS level
    FROM direct_parts AS pool
    WHERE pool
),

chosen AS (
    SELECT wanted.* FROM wanted
    WHERE level.scope_key IS NOT NULL
        AND EXISTS (FROM pool_weights AS weight WHERE weight.scope = level.scope AND weight.scope_key = level.scope_key AND weight.billing_currency = wanted.billing_currency)
    QUALIFY row_number() OVER (PARTITION BY charge ORDER BY level.rank) = 1
)

SELECT chosen.charge, weight.owner, weight.weight, weight.scope, weight.scope_key,
    sum(weight.weight) OVER (PARTITION BY chosen.charge) AS weights,
    weight.model, weight.project, weight.team, weight.environment, weight.business_function, weight.is_ml,
    chosen.usage_quantity, chosen.billed_cost, chosen.effective_cost, chosen.list_cost, chosen.contracted_cost
FROM chosen
JOIN pool_weights AS weight ON weight.scope = chosen.level.scope AND weight.scope_key = chosen.level.scope_key AND weight.billing_currency = chosen.billing_currency
