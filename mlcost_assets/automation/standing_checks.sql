-- The checks whose newest evaluation failed.
SELECT asset || ' · ' || check_name, severity, description
FROM data_quality
QUALIFY row_number() OVER (PARTITION BY asset, check_name ORDER BY checked_at DESC) = 1 AND NOT passed
ORDER BY severity, 1
