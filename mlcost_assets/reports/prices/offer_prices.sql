-- The prices on demand of one service in one region, from its price list. A usage type of which an operation has two
-- prices at one quantity has none that could be told from the bill.
SELECT CAST($service_code AS VARCHAR) AS service_code, CAST($region_id AS VARCHAR) AS region_id,
    usage_of(usagetype) AS usage, coalesce(operation, '') AS operation, 'on demand' AS terms,
    CAST(NULL AS INTEGER) AS term_years, CAST(NULL AS VARCHAR) AS payment_option,
    coalesce(TRY_CAST(startingrange AS DECIMAL(28,10)), 0) AS from_quantity, min(unit) AS unit,
    min(money_from_text(priceperunit)) AS price, currency, CAST($priced_on AS DATE) AS priced_on,
    CAST($source AS VARCHAR) AS source
FROM offer_lines
WHERE termtype = 'OnDemand' AND usagetype <> '' AND money_from_text(priceperunit) > 0
GROUP BY usage, operation, from_quantity, currency
HAVING min(money_from_text(priceperunit)) = max(money_from_text(priceperunit))
