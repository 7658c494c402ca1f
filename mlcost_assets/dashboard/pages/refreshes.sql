-- The versions that were published, the newest first.
SELECT snapshot, published_at, run_id, billing_periods
FROM refreshes
ORDER BY snapshot DESC
