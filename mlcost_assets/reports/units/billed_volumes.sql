-- How many tokens or requests a usage type's quantity stands for, by the bill's own unit, a day at a time. A day in
-- which AWS changed the unit holds both, each with what it counts.
WITH priced AS (
    SELECT CAST(charge_period_start AS DATE) AS charge_date, export_name,
        coalesce(sub_account_id, billing_account_id) AS account_id, region_id,
        coalesce(x_service_code, service_name) AS service_code, x_usage_type AS usage_type,
        coalesce(x_operation, '') AS operation, coalesce(resource_id, '') AS resource_id,
        CASE WHEN token_direction(x_usage_type) IS NOT NULL THEN 'token' ELSE 'request' END AS what,
        pricing_unit, consumed_unit, charge_description,
        CAST(sum(consumed_quantity) AS DECIMAL(28,10)) AS quantity,
        CAST(sum(coalesce(pricing_quantity, consumed_quantity)) AS DECIMAL(28,10)) AS priced_quantity
    FROM line_items
    WHERE billing_period = $billing_period AND NOT is_split_cost AND consumed_quantity <> 0
        AND (token_direction(x_usage_type) IS NOT NULL OR counts_requests(x_usage_type))
    GROUP BY ALL
),

told AS (
    -- Where it is priced as it is used, one unit of use is one unit of price.
    SELECT *, coalesce(by_use, CASE WHEN quantity = priced_quantity THEN coalesce(by_price, by_text) END) AS each,
        CASE
            WHEN by_price IS NOT NULL THEN 'pricing unit'
            WHEN by_use IS NOT NULL THEN 'consumed unit'
            WHEN by_text IS NOT NULL THEN 'charge description'
        END AS by_what
    FROM (
        SELECT *, per_unit(pricing_unit, what) AS by_price, per_unit(consumed_unit, what) AS by_use,
            CASE WHEN what = 'token' THEN per_unit(unit_in_text(charge_description, what), what) END AS by_text
        FROM priced
    )
)

SELECT charge_date, export_name, account_id, region_id, service_code, usage_type, operation, resource_id, what,
    CAST(sum(quantity) AS DECIMAL(28,10)) AS quantity,
    -- One that is not known makes the day unknown.
    CASE WHEN bool_and(coalesce(by_price, by_use, by_text) IS NOT NULL) THEN CAST(sum(CASE
        WHEN by_price IS NOT NULL THEN priced_quantity * by_price
        WHEN by_use IS NOT NULL THEN quantity * by_use
        ELSE priced_quantity * by_text
    END) AS DECIMAL(38,10)) END AS volume,
    CASE WHEN count(each) = count(*) AND min(each) = max(each) THEN min(each) END AS each,
    string_agg(DISTINCT pricing_unit, ', ' ORDER BY pricing_unit) AS pricing_unit,
    string_agg(DISTINCT by_what, ', ' ORDER BY by_what) AS told_by
FROM told
GROUP BY ALL
