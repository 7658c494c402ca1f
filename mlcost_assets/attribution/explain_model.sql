-- What a model cost, by stage and by what says that it is the model's: sums equal those of model_costs.
WITH said AS (
    SELECT billing_period, evidence_id, coalesce(
            min(statement) FILTER (dimension = 'model'),
            min(regexp_replace(statement, ' in the month: .*$', '')) FILTER (dimension IS NULL)) AS statement,
        min(sources) FILTER (dimension = 'model') AS sources
    FROM attribution_evidence
    GROUP BY ALL
),

part AS (
    SELECT billing_period, stage, service_code, method, statement,
        count(DISTINCT nullif(resource_id, '')) AS resources, arg_max(resource_id, effective_cost) AS largest_resource, arg_max(sources, effective_cost) AS largest_sources,
        min(confidence) AS confidence,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost, CAST(sum(contracted_cost) AS DECIMAL(28,10)) AS contracted_cost, billing_currency
    FROM attributed_costs
    LEFT JOIN said USING (billing_period, evidence_id)
    WHERE model = $model AND is_ml AND ($period IS NULL OR billing_period = $period)
    GROUP BY ALL
)

FROM part
ORDER BY billing_period, billing_currency, sum(effective_cost) OVER (PARTITION BY billing_period, billing_currency, stage) DESC, stage, effective_cost DESC, statement
