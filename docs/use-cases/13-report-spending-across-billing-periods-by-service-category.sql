-- Where does spending across the months go, by billing account, category and service?
SELECT billing_account_id, service_category, service_name, billing_currency,
    sum(billed_cost) FILTER (billing_period = '2026-09') AS september,
    sum(billed_cost) FILTER (billing_period = '2026-10') AS october
FROM line_items
WHERE billing_period IN ('2026-09', '2026-10') AND NOT is_split_cost
GROUP BY ALL
ORDER BY october DESC NULLS LAST
