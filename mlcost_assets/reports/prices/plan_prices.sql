-- What an hour of usage takes of a savings plan, by term and payment, from the price list of the service's plans. A
-- rate that differs between plans of one term and payment belongs to none of them.
SELECT discountedservicecode AS service_code, CAST($region_id AS VARCHAR) AS region_id,
    usage_of(discountedusagetype) AS usage, coalesce(discountedoperation, '') AS operation, 'savings plan' AS terms,
    TRY_CAST(leasecontractlength AS INTEGER) AS term_years, purchaseoption AS payment_option,
    CAST(0 AS DECIMAL(28,10)) AS from_quantity, min(unit) AS unit, min(money_from_text(discountedrate)) AS price,
    currency, CAST($priced_on AS DATE) AS priced_on, CAST($source AS VARCHAR) AS source
FROM plan_lines
WHERE discountedservicecode = $service_code AND starts_with(lower(leasecontractlengthunit), 'year')
    AND discountedusagetype <> '' AND money_from_text(discountedrate) > 0
GROUP BY discountedservicecode, usage, operation, term_years, payment_option, currency
HAVING min(money_from_text(discountedrate)) = max(money_from_text(discountedrate))
