-- The change of effective cost from the month before, taken apart into drivers. Of a charge that both months have, an
-- owner has the part s: its change is s_before × (cost_after − cost_before), which is volume, price and discount, and
-- (s_after − s_before) × cost_after, which is attribution. docs/answers/drivers.md has the formulas.
WITH charged AS (
    SELECT account_id, service_code, region_id, resource_id, usage_type, operation, charge_category, billing_currency,
        is_ml, model, team, environment,
        bool_or(is_before) AS was_billed, bool_or(NOT is_before) AS is_billed,
        coalesce(bool_or(is_before) FILTER (counts), false) AS was_compared,
        coalesce(bool_or(NOT is_before) FILTER (counts), false) AS is_compared,
        coalesce(sum(effective_cost) FILTER (counts AND is_before), 0) AS cost_before,
        coalesce(sum(effective_cost) FILTER (counts AND NOT is_before), 0) AS cost_after,
        coalesce(sum(list_cost) FILTER (counts AND is_before), 0) AS list_before,
        coalesce(sum(list_cost) FILTER (counts AND NOT is_before), 0) AS list_after,
        sum(usage_quantity) FILTER (counts AND is_before) AS quantity_before,
        sum(usage_quantity) FILTER (counts AND NOT is_before) AS quantity_after
    FROM (
        SELECT costs.*, costs.billing_period <> $billing_period AS is_before,
            until_day IS NULL OR day(costs.charge_date) <= until_day AS counts
        FROM attributed_costs AS costs
        JOIN compared_days AS compared ON compared.billing_period = $billing_period
        -- The month before is told a second time: what is constant keeps other months from being read.
        WHERE costs.billing_period IN ($billing_period, month_before($billing_period))
    )
    GROUP BY ALL
),

-- Quantities of several units are no quantities.
unit AS (
    SELECT coalesce(x_service_code, service_name) AS service_code, x_usage_type AS usage_type,
        min(consumed_unit) AS unit, min(consumed_unit) = max(consumed_unit) AS is_one
    FROM line_items
    WHERE billing_period IN ($billing_period, month_before($billing_period))
        AND NOT is_split_cost AND consumed_quantity IS NOT NULL
    GROUP BY ALL
),

-- Every charge by a number, because everything from here on is grouped by it.
charge AS MATERIALIZED (
    SELECT row_number() OVER () AS charge, * FROM (
        SELECT account_id, service_code, region_id, resource_id, usage_type, operation, charge_category,
            billing_currency,
            bool_or(was_billed) AS was_billed, bool_or(is_billed) AS is_billed,
            bool_or(was_compared) AS was_compared, bool_or(is_compared) AS is_compared,
            CAST(sum(cost_before) AS DECIMAL(28,10)) AS cost_before,
            CAST(sum(cost_after) AS DECIMAL(28,10)) AS cost_after,
            CAST(sum(list_before) AS DECIMAL(28,10)) AS list_before,
            CAST(sum(list_after) AS DECIMAL(28,10)) AS list_after,
            CAST(sum(quantity_before) AS DECIMAL(28,10)) AS quantity_before,
            CAST(sum(quantity_after) AS DECIMAL(28,10)) AS quantity_after,
            list({
                'is_ml': is_ml, 'model': model, 'team': team, 'environment': environment, 'cost_before': cost_before,
                'cost_after': cost_after, 'quantity_before': quantity_before, 'quantity_after': quantity_after
            }) AS owners
        FROM charged
        GROUP BY ALL
    )
),

-- The driver of a charge whose change is not taken apart, or why its quantity tells nothing.
judged AS (
    SELECT charge.* EXCLUDE (owners),
        -- What both months cost at old list prices; floating, and only to see that exact figures will fit.
        CAST(list_before AS DOUBLE) * quantity_after / nullif(quantity_before, 0) AS about_list,
        CASE
            WHEN charge_category = 'Credit' THEN 'discount'
            WHEN NOT was_billed THEN 'new'
            WHEN NOT is_billed THEN 'gone'
            WHEN charge_category = 'Usage' AND NOT (was_compared AND is_compared) THEN 'volume'
            WHEN charge_category = 'Usage' AND list_before = 0 AND list_after = 0
                AND coalesce(quantity_before, quantity_after, 0) = 0 THEN 'discount'
        END AS whole_driver,
        CASE
            WHEN charge_category <> 'Usage' THEN 'a charge of this category has no quantity'
            WHEN NOT coalesce(unit.is_one, true) THEN 'its quantities are told in several units'
            WHEN NOT coalesce(quantity_before > 0 AND quantity_after > 0, false) THEN 'the bill tells no quantity'
            WHEN greatest(abs(cost_before), abs(list_before), 1) * CAST(quantity_after AS DOUBLE) > 1e17
                OR abs(cost_before) * CAST(quantity_after AS DOUBLE) / quantity_before > 1e8
                OR greatest(abs(about_list), abs(list_after), abs(cost_after)) > 1e8
                OR abs(cost_before) > 1e8
                THEN 'its figures are too large to be taken apart exactly'
        END AS without_quantity,
        CASE WHEN NOT (list_before > 0 AND list_after > 0) THEN 'the bill tells no list price' END AS without_list
    FROM charge
    LEFT JOIN unit USING (service_code, usage_type)
),

-- What the new quantity would have cost as things were, at effective and at list prices.
expected AS (
    SELECT *, cost_after - cost_before AS change, whole_driver IS NULL AND without_quantity IS NULL AS is_taken_apart,
        CASE WHEN is_taken_apart THEN scaled(cost_before, quantity_after, quantity_before) END AS expected_cost,
        CASE WHEN is_taken_apart AND without_list IS NULL
            THEN list_after - scaled(list_before, quantity_after, quantity_before) END AS list_change
    FROM judged
),

-- Differences of less than a millionth are the bill's rounding, and no price or discount of their own.
priced AS (
    SELECT *,
        CASE
            WHEN abs(list_change) * 1000000 <= list_after THEN 0
            ELSE scaled(list_change, cost_before, list_before) END AS price_change
    FROM expected
),

rested AS (
    SELECT *, CAST(change - (expected_cost - cost_before) - coalesce(price_change, 0) AS DECIMAL(28,10)) AS rest,
        abs(rest) * 1000000 > greatest(abs(cost_before), abs(cost_after)) AS has_rest
    FROM priced
),

part AS (
    SELECT charge,
        CAST(CASE
            WHEN is_taken_apart AND has_rest THEN expected_cost - cost_before
            WHEN is_taken_apart THEN change - coalesce(price_change, 0)
            WHEN whole_driver = 'volume' THEN change
            ELSE 0 END AS DECIMAL(28,10)) AS volume,
        CAST(coalesce(price_change, 0) AS DECIMAL(28,10)) AS price,
        CAST(CASE
            WHEN is_taken_apart AND has_rest AND without_list IS NULL THEN rest
            WHEN whole_driver = 'discount' THEN change
            ELSE 0 END AS DECIMAL(28,10)) AS discount,
        CAST(change - volume - price - discount AS DECIMAL(28,10)) AS unexplained,
        coalesce(without_quantity, without_list) AS unexplained_because,
        CASE WHEN NOT (was_billed AND is_billed) THEN whole_driver END AS driver_of_one_month
    FROM rested
),

owned AS (
    SELECT charge, scope.scope AS scope, scope.name AS name, owner.is_ml AS is_ml,
        CAST(sum(owner.cost_before) AS DECIMAL(28,10)) AS cost_before,
        CAST(sum(owner.cost_after) AS DECIMAL(28,10)) AS cost_after,
        CAST(sum(owner.quantity_before) AS DECIMAL(28,10)) AS quantity_before,
        CAST(sum(owner.quantity_after) AS DECIMAL(28,10)) AS quantity_after
    FROM (
        SELECT charge, owner, unnest([
            {'scope': 'total', 'name': NULL}, {'scope': 'model', 'name': owner.model},
            {'scope': 'team', 'name': owner.team}, {'scope': 'environment', 'name': owner.environment}
        ]) AS scope
        FROM (
            SELECT charge, unnest(owners) AS owner FROM charge
        )
    )
    GROUP BY ALL
),

-- The borders between the owners' parts on the way from nothing to the charge's whole cost: in the month before, or in
-- this one where it cost nothing before.
bordered AS (
    SELECT *, whole_before <> 0 AS of_before, CASE WHEN of_before THEN whole_before ELSE whole_after END AS whole,
        CASE WHEN of_before THEN sum_before ELSE sum_after END AS ends_at,
        ends_at - CASE WHEN of_before THEN cost_before ELSE cost_after END AS begins_at
    FROM (
        SELECT *,
            CAST(sum(cost_before) OVER everybody AS DECIMAL(28,10)) AS whole_before,
            CAST(sum(cost_after) OVER everybody AS DECIMAL(28,10)) AS whole_after,
            CAST(sum(cost_before) OVER up_to_owner AS DECIMAL(28,10)) AS sum_before,
            CAST(sum(cost_after) OVER up_to_owner AS DECIMAL(28,10)) AS sum_after
        FROM owned
        WINDOW everybody AS (PARTITION BY charge, scope),
            up_to_owner AS (PARTITION BY charge, scope ORDER BY name, is_ml ROWS UNBOUNDED PRECEDING)
    )
),

-- Cut at these borders, the owners' parts of a driver's amount are that amount to the last digit.
cut AS (
    SELECT bordered.*, part.* EXCLUDE (charge), cost_after - cost_before AS change,
        list_transform([volume, price, discount, unexplained], lambda amount: CASE
            WHEN begins_at = 0 AND ends_at = whole THEN amount
            WHEN whole <> 0 AND driver_of_one_month IS NULL
                THEN scaled_at_length(amount, ends_at, whole) - scaled_at_length(amount, begins_at, whole)
            ELSE 0 END) AS amounts,
        CASE WHEN driver_of_one_month IS NULL THEN change - list_sum(amounts) ELSE 0 END AS moved
    FROM bordered
    JOIN part USING (charge)
),

-- Where no owner's part moved by more than a millionth, nothing moved: what rounding left belongs to the first driver
-- that the charge has.
settled AS (
    SELECT *,
        max(abs(moved)) OVER (PARTITION BY charge, scope) * 1000000 > greatest(abs(whole_before), abs(whole_after))
            AS is_moved,
        coalesce(list_position([volume <> 0, price <> 0, discount <> 0, unexplained <> 0], true), 1) AS first_driver
    FROM cut
),

driven AS (
    SELECT *, unnest(
        CASE
            WHEN driver_of_one_month IS NOT NULL THEN [{'driver': driver_of_one_month, 'change': change}]
            ELSE list_transform(
                list_zip(['volume', 'price', 'discount', 'unexplained', 'attribution'], list_append(amounts, moved)),
                lambda one, place: {'driver': one[1], 'change': CAST(CASE
                    WHEN is_moved THEN one[2]
                    WHEN place = 5 THEN 0
                    ELSE one[2] + CASE WHEN place = first_driver THEN moved ELSE 0 END END AS DECIMAL(28,10))}
            ) END
    ) AS part
    FROM settled
)

SELECT
    compared.billing_period, compared.period_before, compared.until_day, driven.scope, driven.name, driven.is_ml,
    charge.account_id, charge.service_code, charge.region_id, charge.resource_id, charge.usage_type, charge.operation,
    charge.charge_category, driven.part.driver AS driver, driven.cost_before, driven.cost_after,
    driven.part.change AS change, driven.quantity_before, driven.quantity_after,
    CASE WHEN driven.part.driver = 'unexplained' THEN driven.unexplained_because END AS unexplained_because,
    charge.billing_currency
FROM driven
JOIN charge USING (charge)
JOIN compared_days AS compared ON compared.billing_period = $billing_period
WHERE driven.part.change <> 0
