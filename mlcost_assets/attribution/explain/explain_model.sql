-- What a model cost, by stage and by what says that it is the model's: sums equal those of model_costs.
--
-- What divides a shared charge is said apart from what names the model; its weights, other in every piece of evidence,
-- become the range of shares that the model has.
WITH said AS (
    SELECT billing_period, evidence_id,
        arg_min(
            {
                'names': dimension IS NOT NULL, 'statement': statement, 'code': code, 'method': method,
                'sources': sources
            },
            (dimension IS NULL, statement)
        ) AS reason,
        arg_min({'statement': statement, 'code': code, 'said': said}, statement) FILTER (
            dimension IS NULL AND code IN ('divided', 'pool', 'split_pool')
        ) AS division
    FROM attribution_evidence
    WHERE dimension = 'model' OR dimension IS NULL
    GROUP BY ALL
),

weighed AS (
    SELECT billing_period, evidence_id, reason, division.code IN ('pool', 'split_pool') AS of_pool,
        division.statement AS divided_by,
        TRY_CAST(split_part(division.said, ' of ', 1) AS DOUBLE)
            / nullif(TRY_CAST(split_part(division.said, ' of ', 2) AS DOUBLE), 0) AS share
    FROM said
),

cost AS (
    FROM attributed_costs
    LEFT JOIN weighed USING (billing_period, evidence_id)
    WHERE model = $model AND is_ml AND ($period IS NULL OR billing_period = $period)
),

-- Of a pool the model is as many owners as it has teams, environments and projects.
pooled AS (
    SELECT billing_period, divided_by, billing_currency, sum(share) AS share
    FROM (
        SELECT DISTINCT billing_period, evidence_id, divided_by, billing_currency, share FROM cost WHERE of_pool
    )
    GROUP BY ALL
),

charge AS (
    SELECT stage, service_code, service_name, CASE WHEN reason.names THEN reason.method ELSE cost.method END AS method,
        reason.statement AS statement, reason.code AS code, reason.sources AS sources, cost.divided_by,
        CASE WHEN of_pool THEN pooled.share ELSE cost.share END AS share,
        nullif(resource_id, '') AS resource_id, confidence, billed_cost, effective_cost, list_cost, contracted_cost,
        cost.billing_currency
    FROM cost
    LEFT JOIN pooled USING (billing_period, divided_by, billing_currency)
),

thing AS (
    SELECT stage, service_code, service_name, method, statement, code, divided_by, billing_currency, resource_id,
        arg_max(sources, effective_cost) AS sources, min(share) AS least_share, max(share) AS largest_share,
        min(confidence) AS confidence,
        sum(billed_cost) AS billed_cost, sum(effective_cost) AS effective_cost, sum(list_cost) AS list_cost,
        sum(contracted_cost) AS contracted_cost
    FROM charge
    GROUP BY ALL
),

named AS (
    SELECT resource_id, max(resources.name) AS name
    FROM (
        SELECT DISTINCT resource_id, resource_key FROM billed_things WHERE names_resource
    )
    JOIN resources USING (resource_key)
    GROUP BY resource_id
),

part AS (
    SELECT stage, service_code, service_name, method, statement, code, nullif(divided_by, statement) AS divided_by,
        min(least_share) AS least_share, max(largest_share) AS largest_share,
        count(resource_id) AS resources,
        coalesce(
            list(
                {'resource_id': resource_id, 'name': name, 'effective_cost': CAST(effective_cost AS DECIMAL(28,10))}
                ORDER BY effective_cost DESC, resource_id
            )
            FILTER (resource_id IS NOT NULL), [])[:5] AS dearest,
        arg_max(sources, effective_cost) AS largest_sources, min(confidence) AS confidence,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
        CAST(sum(contracted_cost) AS DECIMAL(28,10)) AS contracted_cost, billing_currency
    FROM thing
    LEFT JOIN named USING (resource_id)
    GROUP BY ALL
)

FROM part
ORDER BY billing_currency, sum(effective_cost) OVER (PARTITION BY billing_currency, stage) DESC, stage,
    effective_cost DESC, statement
