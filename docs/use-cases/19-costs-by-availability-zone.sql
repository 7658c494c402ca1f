-- How is an account's cost spread over availability zones?
SELECT billing_period, region_name, availability_zone, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE sub_account_id = '222222222222' AND availability_zone IS NOT NULL AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, region_name, availability_zone
