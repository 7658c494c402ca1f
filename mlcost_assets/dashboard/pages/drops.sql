-- Deliveries of the exports, the newest first.
SELECT *
FROM billing_drops
ORDER BY billing_period DESC, export_name, state
