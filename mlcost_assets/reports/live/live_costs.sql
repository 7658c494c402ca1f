-- What each hour after a payer's bill costs by estimate, and what of it is not known.
--
-- What records tell (live_states) costs its own mean of the last seven days of the bill for an hour in which it ran, as
-- its owners had it; what is too new for that, the median of its like. What no record tells costs what the same
-- weekday did. Every amount of an hour is divided among owners by differences of running sums, so that the parts sum
-- to it whatever was rounded.
WITH bill AS (
    SELECT *, greatest(billed_until - INTERVAL 7 DAY, CAST(first_day AS TIMESTAMP)) AS rated_from
    FROM live_bill
    WHERE as_of > billed_until
),

-- The hours, the last one as far as records tell.
hour AS (
    SELECT *, least(hour + INTERVAL 1 HOUR, as_of) AS hour_ends
    FROM (
        SELECT *, unnest(generate_series(billed_until, as_of, INTERVAL 1 HOUR)) AS hour
        FROM bill
    )
    WHERE hour < as_of
),

payer AS (
    SELECT account_id, max_by(billing_account_id, (last_date, billing_account_id)) AS billing_account_id
    FROM billed_things
    GROUP BY account_id
),

state AS (
    SELECT live_states.*, bill.billing_account_id, rated_from, billed_until, as_of
    FROM live_states
    LEFT JOIN payer USING (account_id)
    JOIN bill ON bill.billing_account_id = coalesce(
        payer.billing_account_id, (SELECT CASE WHEN count(*) = 1 THEN min(billing_account_id) END FROM live_bill)
    )
    WHERE runs AND ends > rated_from
),

-- What records tell of these days; what has been stopped for longer still pays for its disk, as it did each day.
known AS (
    SELECT resource_key, min(family) AS family
    FROM live_states
    WHERE runs AND ends > (SELECT min(first_day) FROM bill)
    GROUP BY resource_key
),

charged AS MATERIALIZED (
    SELECT resource_key(charge.resource_id, service_code, usage_type, region_id, account_id) AS resource_key, charge.*
    FROM (
        SELECT bill.billing_account_id, account_id, region_id, service_code, usage_type, resource_id, charge_date,
            rated_from, days, billing_currency, model, team, environment,
            CAST(sum(effective_cost) AS DECIMAL(28,10)) AS cost, sum(usage_quantity) AS quantity
        FROM attributed_costs
        JOIN bill ON bill.billing_account_id = attributed_costs.billing_account_id
            AND charge_date >= first_day AND charge_date < billed_until
        WHERE charge_category = 'Usage'
            AND billing_period >= (SELECT strftime(min(bill.first_day), '%Y-%m') FROM bill)
        GROUP BY ALL
    ) AS charge
),

-- What ran in which hour, and for how long in the days of which the rate is.
ran AS (
    SELECT resource_key, billing_account_id, hour, min(state.family) AS family, bool_or(is_unseen) AS is_unseen,
        least(
            sum(date_diff('second', greatest(starts, hour), least(ends, hour_ends))),
            date_diff('second', min(hour), min(hour_ends))
        ) AS seconds
    FROM state
    JOIN hour USING (billing_account_id)
    WHERE starts < hour_ends AND ends > hour
    GROUP BY ALL
),

before AS (
    SELECT resource_key,
        sum(date_diff('second', greatest(known_from, rated_from), least(ends, billed_until))) AS seconds
    FROM state
    WHERE known_from < billed_until
    GROUP BY resource_key
),

owned AS (
    SELECT resource_key, service_code, billing_currency, before.seconds AS rated_seconds, model, team, environment,
        sum(cost) AS part
    FROM charged
    JOIN before USING (resource_key)
    WHERE charge_date >= rated_from AND before.seconds > 0
    GROUP BY ALL
),

rate AS (
    SELECT *, CAST(sum(part) OVER thing AS DECIMAL(28,10)) AS cost,
        CAST(sum(greatest(part, 0)) OVER thing AS DECIMAL(28,10)) AS weights,
        CAST(sum(greatest(part, 0)) OVER so_far AS DECIMAL(28,10)) AS weights_so_far,
        CAST(greatest(part, 0) AS DECIMAL(28,10)) AS weight
    FROM owned
    WINDOW thing AS (PARTITION BY resource_key, service_code, billing_currency),
        so_far AS (
            PARTITION BY resource_key, service_code, billing_currency
            ORDER BY model NULLS LAST, team NULLS LAST, environment NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
),

by_own_rate AS (
    SELECT billing_account_id, hour, service_code, family, model, team, environment, resource_key, billing_currency,
        CASE WHEN is_unseen OR cost < 0 THEN NULL
            ELSE scaled(hourly, weights_so_far, weights) - scaled(hourly, weights_so_far - weight, weights)
        END AS estimate, 'own rate' AS basis,
        CASE
            WHEN is_unseen THEN 'Nobody has looked at such resources for two days.'
            WHEN cost < 0 THEN 'More was credited for it than charged in the days of which the rate is.'
        END AS unknown_because
    FROM ran
    JOIN rate USING (resource_key)
    CROSS JOIN LATERAL (SELECT scaled(cost, ran.seconds, rated_seconds) AS hourly) AS told
),

-- Instance hours of each kind of resource: what one cost in the bill, as the median of the resources of that kind.
like_rate AS (
    SELECT family, region_id, machine, is_spot, service_code, billing_currency, quantile_disc(rate, 0.5) AS rate
    FROM (
        SELECT resource_key, family, region_id, service_code, billing_currency,
            regexp_matches(usage_type, 'SpotUsage|TrSpt') AS is_spot,
            coalesce(
                machine_of(usage_type),
                regexp_extract(usage_type, '(NatGateway-Hours|LoadBalancerUsage|AmazonEKS-Hours:perCluster)$')
            ) AS machine,
            scaled(CAST(sum(cost) AS DECIMAL(28,10)), 1, CAST(sum(quantity) AS DECIMAL(28,10))) AS rate
        FROM charged
        JOIN known USING (resource_key)
        WHERE machine <> ''
        GROUP BY ALL
        HAVING sum(quantity) > 0 AND sum(cost) >= 0
    )
    GROUP BY ALL
),

new AS (
    SELECT resource_key, account_id, region, is_spot, machine, machines, configuration
    FROM state
    LEFT JOIN before USING (resource_key)
    WHERE coalesce(before.seconds, 0) < 86400 AND ends > billed_until AND resource_key NOT IN (
        SELECT owned.resource_key FROM owned
    )
    QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY starts DESC, machine, configuration) = 1
),

-- The machines of an endpoint stand in its configuration.
variant AS (
    SELECT new.resource_key, (variant ->> '$.InstanceType') AS machine,
        coalesce(told_count(variant ->> '$.InitialInstanceCount'), 1) AS machines
    FROM new
    JOIN (
        SELECT account_id, region, name, unnest(json_extract(body, '$.ProductionVariants[*]')) AS variant
        FROM resource_history
        WHERE kind = 'sagemaker:DescribeEndpointConfig'
        QUALIFY row_number() OVER (PARTITION BY account_id, region, name ORDER BY life DESC, valid_from DESC, id) = 1
    ) AS config ON config.name = new.configuration AND config.account_id = new.account_id
        AND config.region = new.region
),

owner AS (
    SELECT resource_key, max(value) FILTER (dimension = 'model') AS model,
        max(value) FILTER (dimension = 'team') AS team, max(value) FILTER (dimension = 'environment') AS environment
    FROM (
        SELECT resource_key, dimension, value
        FROM owners
        WHERE resource_key IN (SELECT new.resource_key FROM new)
        QUALIFY row_number() OVER (
            PARTITION BY resource_key, dimension ORDER BY valid_to DESC, valid_from DESC, value
        ) = 1
    )
    GROUP BY resource_key
),

by_like AS (
    SELECT ran.billing_account_id, hour, service_code, ran.family, model, team, environment, ran.resource_key,
        billing_currency,
        CASE WHEN NOT is_unseen THEN scaled(rate, machines * seconds, 3600) END AS estimate,
        CASE WHEN rate IS NOT NULL THEN 'same instance type' END AS basis,
        CASE
            WHEN is_unseen THEN 'Nobody has looked at such resources for two days.'
            WHEN rate IS NULL THEN 'It is new, and the bill has no rate of its like.'
        END AS unknown_because
    FROM (
        SELECT resource_key, region, is_spot, machine, machines FROM new WHERE configuration IS NULL
        UNION ALL
        SELECT resource_key, region, is_spot, variant.machine, variant.machines
        FROM new
        LEFT JOIN variant USING (resource_key)
        WHERE configuration IS NOT NULL
    ) AS one
    JOIN ran USING (resource_key)
    LEFT JOIN like_rate ON like_rate.family = ran.family AND like_rate.machine = one.machine
        AND like_rate.region_id = one.region AND like_rate.is_spot = one.is_spot
    LEFT JOIN owner ON owner.resource_key = one.resource_key
),

-- What no record tells, by weekday where the bill has four of each, else by its mean day. What an account was charged
-- on a single day only is no pattern.
usual AS (
    SELECT billing_account_id, service_code, billing_currency, model, team, environment,
        CASE WHEN days = 28 THEN isodow(charge_date) END AS weekday,
        CASE WHEN days = 28 THEN 4 ELSE days END AS days,
        CAST(sum(cost) AS DECIMAL(28,10)) AS cost
    FROM (
        SELECT *, min(charge_date) OVER usage <> max(charge_date) OVER usage OR days = 1 AS is_usual
        FROM charged
        ANTI JOIN known USING (resource_key)
        WINDOW usage AS (PARTITION BY billing_account_id, account_id, service_code, usage_type, billing_currency)
    )
    WHERE is_usual
    GROUP BY ALL
),

by_pattern AS (
    SELECT billing_account_id, hour, service_code, 'by use' AS family, model, team, environment,
        CAST(NULL AS VARCHAR) AS resource_key, billing_currency,
        CASE WHEN cost >= 0 THEN scaled(cost, date_diff('second', hour, hour_ends), 86400 * usual.days) END AS estimate,
        'pattern of the last days' AS basis,
        CASE WHEN cost < 0 THEN 'More was credited for it than charged in the last days.' END AS unknown_because
    FROM hour
    JOIN usual USING (billing_account_id)
    WHERE coalesce(weekday, isodow(hour)) = isodow(hour)
)

SELECT hour, strftime(hour, '%Y-%m') AS billing_period, estimated.billing_account_id, service_code, family, model, team,
    environment, basis, unknown_because, count(DISTINCT resource_key) AS resources,
    CAST(sum(estimate) AS DECIMAL(28,10)) AS estimated_cost, billed_until, as_of, billing_currency
FROM (
    FROM by_own_rate
    UNION ALL
    FROM by_like
    UNION ALL
    FROM by_pattern
) AS estimated
JOIN bill ON bill.billing_account_id = estimated.billing_account_id
GROUP BY ALL
