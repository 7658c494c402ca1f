-- What a unit of usage costs: at public list price as the bill tells it, on Spot capacity and under savings plans as it
-- was paid, and at the dated prices of prices.csv where the bill has none.
WITH dated AS (
    SELECT max(charge_date) AS newest FROM attributed_costs
),

charged AS (
    SELECT region_id, usage_of(x_usage_type) AS usage, billing_currency, charge_period_start, list_unit_price,
        CASE
            WHEN pricing_category = 'Dynamic' THEN 'spot'
            WHEN commitment_discount_type = 'Savings Plan' AND commitment_discount_status = 'Used' THEN 'savings plan'
            WHEN pricing_category = 'Standard' THEN 'on demand'
        END AS terms, consumed_quantity, effective_cost, list_cost
    FROM line_items
    CROSS JOIN dated
    WHERE charge_category = 'Usage' AND NOT is_split_cost AND consumed_quantity > 0
        AND billing_period >= strftime(newest - INTERVAL 60 DAY, '%Y-%m')
        AND (x_service_code = 'AmazonSageMaker' OR (x_service_code = 'AmazonEC2' AND x_usage_type LIKE '%SpotUsage:%'))
),

-- The newest list price; of two at one time the higher. What was paid is an average, rounded down.
billed AS (
    SELECT region_id, usage, terms, billing_currency,
        max(CAST(charge_period_start AS DATE)) AS priced_on,
        max_by(list_unit_price, (charge_period_start, list_unit_price)) FILTER (list_unit_price > 0) AS list_price,
        scaled(CAST(sum(effective_cost) AS DECIMAL(28,10)), 1, CAST(sum(consumed_quantity) AS DECIMAL(28,10))) AS paid,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost
    FROM charged
    WHERE terms IS NOT NULL
    GROUP BY region_id, usage, terms, billing_currency
),

told AS (
    -- The list price of what a savings plan covers is the on-demand price.
    SELECT region_id, usage, 'on demand' AS terms, billing_currency, max(list_price) AS price,
        CAST(NULL AS DECIMAL(28,10)) AS paid_of_list, max(priced_on) AS priced_on, 'list price in the bill' AS source
    FROM billed
    WHERE list_price IS NOT NULL AND terms <> 'spot'
    GROUP BY region_id, usage, billing_currency
    UNION ALL
    SELECT region_id, usage, terms, billing_currency, paid,
        CASE WHEN list_cost > 0 THEN scaled(effective_cost, 1, list_cost) END, priced_on, 'paid in the bill'
    FROM billed
    WHERE terms <> 'on demand' AND paid > 0
)

FROM told
UNION ALL
SELECT dated_prices.region_id, dated_prices.usage, 'on demand', dated_prices.currency, dated_prices.price, NULL,
    dated_prices.priced_on, dated_prices.source
FROM dated_prices
ANTI JOIN told ON told.region_id = dated_prices.region_id AND told.usage = dated_prices.usage
    AND told.billing_currency = dated_prices.currency AND told.terms = 'on demand'
WHERE (SELECT newest IS NOT NULL FROM dated)
