-- Months that AWS had finalised and that a drop of the last seven days changed again: by how much, the newest first.
SELECT billing_period, export_name, billing_currency, sum(billed_cost_after - billed_cost_before) AS billed_change
FROM restatements
WHERE was_final AND restated_at > now() AT TIME ZONE 'UTC' - INTERVAL 7 DAY
GROUP BY ALL
ORDER BY max(restated_at) DESC, billing_period DESC, export_name, billing_currency
