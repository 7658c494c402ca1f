-- What a new SageMaker savings plan would cover, at several sizes: the hours of the last 28 full days that the bill
-- charged on demand although such a plan could have covered them. Four weeks have each weekday as often; the days of a
-- month that has just begun are made up by those of the month before.
--
-- A plan of discount d that covers usage worth X on demand in an hour costs X × (1 − d), used or not. Over all hours it
-- saves money where its utilisation is more than 1 − d: so the discount that it needs is 1 − utilisation, whatever AWS
-- asks. What AWS asks is known where a plan of that term and payment covered usage in these days, else where AWS's
-- price list has a rate of all that usage, else where mlcost.yaml tells a discount; no rate is made up.
WITH line AS MATERIALIZED (
    SELECT *, plan_scope('AmazonSageMaker', usage_type) AS scope,
        is_unsure_scope('AmazonSageMaker', usage_type) AS is_unsure
    FROM (
        SELECT billing_account_id, billing_currency, commitment_discount_id AS commitment_id,
            region_id, x_usage_type AS usage_type,
            commitment_discount_id IS NULL AND pricing_category = 'Standard' AS is_on_demand,
            date_trunc('hour', charge_period_start) AS charged_from,
            date_diff('second', charge_period_start, charge_period_end) > 3600 AS is_day,
            x_lacking_column IS NULL AND NOT (
                list_unit_price IS NULL AND list_cost IN (0, effective_cost)
            ) AS is_priced,
            CAST(sum(consumed_quantity) AS DECIMAL(28,10)) AS quantity,
            CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost,
            CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
        FROM line_items
        WHERE billing_period IN ($billing_period, month_before($billing_period)) AND charge_category = 'Usage'
            AND x_service_code = 'AmazonSageMaker' AND contains(x_usage_type, 'ml.') AND NOT is_split_cost
            AND commitment_discount_status IS DISTINCT FROM 'Unused'
        GROUP BY ALL
    )
),

-- The newest day of the month may be told in part only. Before the first day that is loaded nobody knows of use.
span AS (
    SELECT billing_account_id, greatest(last_day - 27, first_day) AS first_day, last_day
    FROM (
        SELECT billing_account_id, min(charge_date) AS first_day,
            CAST(max(charge_date) FILTER (billing_period = $billing_period) - 1 AS DATE) AS last_day
        FROM daily_charges
        WHERE billing_period IN ($billing_period, month_before($billing_period)) AND charge_category = 'Usage'
            AND commitment_status IS DISTINCT FROM 'Unused'
        GROUP BY 1
    )
),

inside AS (
    SELECT line.*, first_day, last_day
    FROM line
    JOIN span USING (billing_account_id)
    WHERE CAST(charged_from AS DATE) BETWEEN first_day AND last_day
),

bill AS (
    SELECT billing_account_id, billing_currency, first_day, last_day,
        CASE WHEN bool_or(is_day) THEN 24 ELSE 1 END AS step,
        coalesce(sum(list_cost) FILTER (is_on_demand AND is_unsure), 0) AS unsure_list_cost
    FROM inside
    GROUP BY ALL
    HAVING bool_or(is_on_demand AND scope = 'SageMaker')
),

-- Every hour (or day) counts, also one without use: a commitment is paid for it.
bucket AS (
    SELECT bill.billing_account_id, bill.billing_currency, bucket.begins, coalesce(used.list_cost, 0) AS list_cost
    FROM bill
    CROSS JOIN LATERAL (
        SELECT unnest(generate_series(
            CAST(first_day AS TIMESTAMP), last_day + INTERVAL 23 HOUR, step * INTERVAL 1 HOUR
        )) AS begins
    ) AS bucket
    LEFT JOIN (
        SELECT inside.billing_account_id, inside.billing_currency,
            CASE WHEN step = 24 THEN date_trunc('day', charged_from) ELSE charged_from END AS begins,
            CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost
        FROM inside
        JOIN bill USING (billing_account_id, billing_currency)
        WHERE is_on_demand AND scope = 'SageMaker'
        GROUP BY ALL
    ) AS used ON used.billing_account_id = bill.billing_account_id
        AND used.billing_currency = bill.billing_currency AND used.begins = bucket.begins
),

level AS (
    SELECT billing_account_id, billing_currency, unnest([10, 25, 50, 75, 90]) AS percentile,
        unnest(quantile_disc(list_cost, [0.1, 0.25, 0.5, 0.75, 0.9])) AS level
    FROM bucket
    GROUP BY ALL
),

covered AS (
    SELECT billing_account_id, billing_currency, percentile, level, count(*) AS buckets,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS uncovered_list_cost,
        CAST(sum(least(list_cost, level)) AS DECIMAL(28,10)) AS covered_list_cost
    FROM level
    JOIN bucket USING (billing_account_id, billing_currency)
    GROUP BY ALL
),

-- What plans of a term and payment took for what they covered, over its price on demand.
paid AS (
    SELECT inside.billing_account_id, inside.billing_currency, plan.term_years, plan.payment_option,
        sum(inside.effective_cost) AS effective_cost, sum(inside.list_cost) AS list_cost
    FROM inside
    JOIN commitment_coverage AS plan ON plan.billing_period = $billing_period AND plan.covers = 'SageMaker'
        AND plan.commitment_category = 'Spend'
        AND plan.commitment_id = inside.commitment_id AND plan.billing_currency = inside.billing_currency
    WHERE is_priced
    GROUP BY ALL
    HAVING sum(inside.list_cost) > 0
),

-- What they would take of the usage on demand by AWS's price list, where that has a rate of all of it.
open AS (
    SELECT *, count(*) OVER (PARTITION BY billing_account_id, billing_currency) AS usages
    FROM (
        SELECT billing_account_id, billing_currency, region_id, usage_of(usage_type) AS usage,
            CAST(sum(quantity) AS DECIMAL(28,10)) AS quantity, sum(list_cost) AS list_cost
        FROM inside
        WHERE is_on_demand AND scope = 'SageMaker' AND list_cost > 0
        GROUP BY ALL
    )
),

plan_rate AS (
    SELECT region_id, usage, currency, term_years, payment_option, min(price) AS price,
        max(source || ', ' || priced_on) AS source
    FROM listed_prices
    WHERE service_code = 'AmazonSageMaker' AND terms = 'savings plan'
    GROUP BY ALL
    HAVING min(price) = max(price)
),

listed AS (
    SELECT billing_account_id, billing_currency, term_years, payment_option,
        sum(priced(plan_rate.price, open.quantity)) AS effective_cost, sum(open.list_cost) AS list_cost,
        max(source) AS source
    FROM open
    JOIN plan_rate ON plan_rate.region_id = open.region_id AND plan_rate.usage = open.usage
        AND plan_rate.currency = open.billing_currency
    GROUP BY ALL
    HAVING count(*) = any_value(usages) AND count(open.quantity) = count(*)
),

rate AS (
    SELECT *
    FROM (
        SELECT *, 'plans in the bill' AS source, 1 AS place
        FROM paid
        UNION ALL
        SELECT *, 2
        FROM listed
        UNION ALL
        SELECT billing_account_id, billing_currency, term_years, payment_option, 1 - discount, 1,
            'commitments.rates in mlcost.yaml', 3
        FROM bill
        CROSS JOIN told_rates
    )
    QUALIFY row_number() OVER (
        PARTITION BY billing_account_id, billing_currency, term_years, payment_option ORDER BY place
    ) = 1
),

offered AS (
    SELECT covered.*, bill.* EXCLUDE (billing_account_id, billing_currency), term_years, payment_option,
        buckets * step AS hours, rate.effective_cost, rate.list_cost, rate.source,
        CAST(covered_list_cost AS DOUBLE) / nullif(CAST(level AS DOUBLE) * buckets, 0) AS utilisation,
        scaled(CAST(level AS DECIMAL(28,10)), 1, step) AS on_demand_per_hour,
        CASE WHEN rate.list_cost > 0 THEN scaled(on_demand_per_hour, rate.effective_cost, rate.list_cost) END
            AS commitment_per_hour,
        CAST(commitment_per_hour * hours AS DECIMAL(28,10)) AS committed_cost,
        CAST(rate.effective_cost AS DOUBLE) / CAST(rate.list_cost AS DOUBLE) AS price_part
    FROM covered
    JOIN bill USING (billing_account_id, billing_currency)
    CROSS JOIN (
        SELECT unnest([1, 3]) AS term_years
    )
    CROSS JOIN (
        SELECT unnest(['No Upfront', 'Partial Upfront', 'All Upfront']) AS payment_option
    )
    LEFT JOIN rate USING (billing_account_id, billing_currency, term_years, payment_option)
)

SELECT $billing_period AS billing_period, billing_account_id, billing_currency, term_years, payment_option, percentile,
    first_day, last_day, hours,
    CASE
        WHEN step = 1 THEN 'hours'
        ELSE 'days: the export tells no hours, so use inside a day counts as even, and waste as too small' END AS basis,
    uncovered_list_cost, CAST(unsure_list_cost AS DECIMAL(28,10)) AS unsure_list_cost, on_demand_per_hour,
    covered_list_cost,
    CAST(covered_list_cost AS DOUBLE) / nullif(CAST(uncovered_list_cost AS DOUBLE), 0) AS coverage,
    utilisation, 1 - utilisation AS break_even_discount, 1 - price_part AS discount, commitment_per_hour,
    committed_cost,
    CAST(committed_cost - scaled(covered_list_cost, effective_cost, list_cost) AS DECIMAL(28,10)) AS unused_cost,
    CAST(covered_list_cost - committed_cost AS DECIMAL(28,10)) AS savings,
    scaled(CAST(covered_list_cost - committed_cost AS DECIMAL(28,10)), 730, hours) AS savings_per_month,
    CASE WHEN price_part <= utilisation THEN term_years * 12 * price_part / utilisation END AS break_even_months,
    CASE WHEN price_part <= utilisation THEN term_years * 8760 * price_part / utilisation END AS break_even_hours,
    CASE
        WHEN price_part IS NULL
            THEN 'no plan of this term and payment covered usage in these days, so the bill does not tell its discount,'
                || ' and neither does AWS''s price list for all of the usage, nor commitments.rates in mlcost.yaml'
    END AS unknown_because, source AS discount_source
FROM offered
