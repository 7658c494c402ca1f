-- What each model's inference on accelerators costs beside the traffic that it serves.
--
-- Like is compared with like: shares of requests, and of the cost that is compared with them, are of SageMaker
-- endpoints on the days on which a model's requests are known (unit_costs). Batches, what serves elsewhere, training
-- and models without known requests are never compared.
WITH spent AS (
    SELECT charge_date, team, model, billing_currency, sum(inference_cost) AS cost, sum(serving_cost) AS served
    FROM gpu_usage
    WHERE billing_period = $billing_period
    GROUP BY ALL
    HAVING sum(inference_cost) <> 0
),

scoped AS (
    SELECT 'organisation' AS scope, NULL AS team, charge_date, model, billing_currency, sum(cost) AS cost,
        sum(served) AS served, 1 AS teams
    FROM spent
    GROUP BY ALL
    UNION ALL
    SELECT 'team', * FROM (
        SELECT team, charge_date, model, billing_currency, cost, served,
            count(*) FILTER (served > 0) OVER (PARTITION BY charge_date, model, billing_currency) AS teams
        FROM spent
    ) AS of_team WHERE of_team.team IS NOT NULL
),

daily AS (
    SELECT scoped.*, CASE WHEN teams = 1 AND served > 0 THEN unit_costs.endpoint_requests END AS known,
        CASE
            WHEN scoped.model IS NULL THEN 'no model is known'
            WHEN served <= 0
                THEN 'no SageMaker endpoint on accelerators served it, and elsewhere requests are not counted'
            WHEN teams > 1 THEN 'several teams pay for its endpoints, and its requests are not told by team'
            WHEN unit_costs.endpoint_requests IS NULL THEN 'the requests of one of its endpoints are not known'
        END AS because
    FROM scoped
    LEFT JOIN unit_costs ON unit_costs.billing_period = $billing_period AND unit_costs.model = scoped.model
        AND unit_costs.charge_date = scoped.charge_date AND unit_costs.billing_currency = scoped.billing_currency
),

monthly AS (
    SELECT scope, team, model, billing_currency, sum(cost) AS cost, sum(known) AS requests,
        coalesce(sum(served) FILTER (known IS NOT NULL), 0) AS counted, count(*) AS days, count(known) AS days_counted,
        mode(because ORDER BY because) FILTER (known IS NULL) AS because
    FROM daily
    GROUP BY scope, team, model, billing_currency
),

compared AS (
    SELECT *, sum(cost) OVER whole AS scope_cost, sum(requests) OVER whole AS scope_requests,
        sum(counted) OVER whole AS scope_counted,
        CASE WHEN scope_cost > 0 THEN CAST(cost AS DOUBLE) / CAST(scope_cost AS DOUBLE) END AS cost_share,
        CASE WHEN scope_requests > 0 THEN CAST(requests AS DOUBLE) / CAST(scope_requests AS DOUBLE) END
            AS request_share,
        CASE
            WHEN scope_counted > 0 AND requests IS NOT NULL
                THEN CAST(counted AS DOUBLE) / CAST(scope_counted AS DOUBLE)
        END AS counted_share,
        -- Whole numbers, so that exactly three times and exactly a tenth are that.
        CASE
            WHEN scope_requests > 0 AND scope_counted > 0 AND scope_cost > 0 AND requests IS NOT NULL THEN
                CAST(counted * 10000000000 AS HUGEINT) * CAST(scope_requests AS HUGEINT)
                    >= 3 * CAST(scope_counted * 10000000000 AS HUGEINT) * CAST(requests AS HUGEINT)
                AND counted > 0 AND 10 * counted >= scope_cost
        END AS is_outlier
    FROM monthly
    WINDOW whole AS (PARTITION BY scope, team, billing_currency)
)

SELECT $billing_period AS billing_period, scope, team, model,
    CAST(cost AS DECIMAL(28,10)) AS effective_cost, CAST(scope_cost AS DECIMAL(28,10)) AS scope_cost, cost_share,
    CAST(requests AS BIGINT) AS requests, CAST(scope_requests AS BIGINT) AS scope_requests, request_share,
    CAST(counted AS DECIMAL(28,10)) AS counted_cost, CAST(scope_counted AS DECIMAL(28,10)) AS scope_counted_cost,
    counted_share AS counted_cost_share, days, days_counted, is_outlier,
    CASE
        WHEN is_outlier IS NULL THEN concat('not compared: ', coalesce(because, 'no requests are known in the scope'))
        ELSE format(
            '{:.2f} % of the cost of endpoints ({:,.2f} of {:,.2f} {}) for {:.2f} % of their requests ({:,} of {:,}), '
            || '{}; {:.2f} % of all inference on accelerators ({:,.2f} of {:,.2f}); {} of {} days counted',
            100 * counted_share, CAST(counted AS DOUBLE), CAST(scope_counted AS DOUBLE), billing_currency,
            100 * request_share, CAST(requests AS BIGINT), CAST(scope_requests AS BIGINT),
            CASE
                WHEN requests = 0 THEN 'which is none'
                ELSE format('{:.2f} times its share', counted_share / request_share)
            END,
            100 * CAST(counted AS DOUBLE) / CAST(scope_cost AS DOUBLE), CAST(counted AS DOUBLE),
            CAST(scope_cost AS DOUBLE), days_counted, days
        )
    END AS arithmetic,
    billing_currency, CASE WHEN requests IS NULL THEN because END AS requests_unknown_because
FROM compared
