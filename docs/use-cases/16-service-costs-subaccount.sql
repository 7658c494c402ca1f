-- Which ten services cost an account most?
SELECT service_name, sum(effective_cost) AS effective_cost, billing_currency
FROM line_items
WHERE billing_period = '2026-10' AND sub_account_id = '222222222222' AND NOT is_split_cost
GROUP BY ALL
ORDER BY effective_cost DESC
LIMIT 10
