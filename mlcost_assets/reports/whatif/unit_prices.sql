-- What a unit of usage costs: at public list price as the bill tells it, on Spot capacity and under savings plans as it
-- was paid. Where the bill has no price on demand, AWS's price list as it was last read tells one, else prices.csv.
WITH dated AS (
    SELECT max(charge_date) AS newest FROM attributed_costs
),

charged AS (
    SELECT x_service_code AS service_code, region_id, usage_of(x_usage_type) AS usage, billing_currency,
        charge_period_start, list_unit_price,
        CASE
            WHEN pricing_category = 'Dynamic' THEN 'spot'
            WHEN commitment_discount_type = 'Savings Plan' AND commitment_discount_status = 'Used' THEN 'savings plan'
            WHEN pricing_category = 'Standard' THEN 'on demand'
        END AS terms, consumed_quantity, effective_cost, list_cost
    FROM line_items
    CROSS JOIN dated
    WHERE charge_category = 'Usage' AND NOT is_split_cost AND consumed_quantity > 0
        AND billing_period >= strftime(newest - INTERVAL 60 DAY, '%Y-%m')
        AND (x_service_code IN ('AmazonSageMaker', 'AmazonS3', 'AmazonCloudWatch')
            OR (x_service_code = 'AmazonEC2' AND x_usage_type LIKE '%SpotUsage:%'))
),

-- The newest list price; of two at one time the higher. What was paid is an average, rounded down.
billed AS (
    SELECT service_code, region_id, usage, terms, billing_currency,
        max(CAST(charge_period_start AS DATE)) AS priced_on,
        max_by(list_unit_price, (charge_period_start, list_unit_price)) FILTER (list_unit_price > 0) AS list_price,
        scaled(CAST(sum(effective_cost) AS DECIMAL(28,10)), 1, CAST(sum(consumed_quantity) AS DECIMAL(28,10))) AS paid,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        CAST(sum(list_cost) AS DECIMAL(28,10)) AS list_cost
    FROM charged
    WHERE terms IS NOT NULL
    GROUP BY service_code, region_id, usage, terms, billing_currency
),

told AS (
    -- The list price of what a savings plan covers is the on-demand price.
    SELECT service_code, region_id, usage, 'on demand' AS terms, billing_currency, max(list_price) AS price,
        CAST(NULL AS DECIMAL(28,10)) AS paid_of_list, max(priced_on) AS priced_on, 'list price in the bill' AS source
    FROM billed
    WHERE list_price IS NOT NULL AND terms <> 'spot'
    GROUP BY service_code, region_id, usage, billing_currency
    UNION ALL
    SELECT service_code, region_id, usage, terms, billing_currency, paid,
        CASE WHEN list_cost > 0 THEN scaled(effective_cost, 1, list_cost) END, priced_on, 'paid in the bill'
    FROM billed
    WHERE terms <> 'on demand' AND paid > 0
),

-- Of several operations of a usage type a price list tells one price only where they all have it, and of several
-- quantities that from the first unit on.
listed AS (
    SELECT service_code, region_id, usage, currency, min(price) AS price, max(priced_on) AS priced_on,
        max(source) AS source, 1 AS place
    FROM listed_prices
    WHERE terms = 'on demand' AND from_quantity = 0
    GROUP BY service_code, region_id, usage, currency
    HAVING min(price) = max(price)
    UNION ALL
    SELECT service_code, region_id, usage, currency, price, priced_on, source, 2
    FROM dated_prices
),

newest_listed AS (
    SELECT service_code, region_id, usage, 'on demand' AS terms, currency AS billing_currency, price,
        CAST(NULL AS DECIMAL(28,10)) AS paid_of_list, priced_on, source
    FROM listed
    QUALIFY row_number() OVER (PARTITION BY service_code, region_id, usage, currency ORDER BY place) = 1
)

FROM told
UNION ALL
FROM newest_listed
ANTI JOIN told USING (service_code, region_id, usage, terms, billing_currency)
WHERE (SELECT newest IS NOT NULL FROM dated)
