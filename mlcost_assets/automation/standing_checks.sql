-- The checks whose newest evaluation failed: that of the newest version of the lake, whatever the clock said then.
SELECT asset || ' · ' || check_name, severity, description
FROM data_quality
LEFT JOIN refreshes USING (run_id)
QUALIFY NOT passed
    AND row_number() OVER (PARTITION BY asset, check_name ORDER BY snapshot DESC NULLS LAST, checked_at DESC) = 1
ORDER BY severity, 1
